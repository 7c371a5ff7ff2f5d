namespace Tiebreak.Boosting.LightGbm;

/// <summary>Cross-entropy of a softmax over the scores of A, B and tie.</summary>
public sealed class SoftmaxObjective : IBoostingObjective
{
    /// <inheritdoc/>
    public int Scores => SoftmaxLoss.Outcomes;

    /// <inheritdoc/>
    public IBoostingLoss Of(LabelledRows rows) => new SoftmaxLoss(rows);
}
