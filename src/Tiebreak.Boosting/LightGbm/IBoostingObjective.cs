namespace Tiebreak.Boosting.LightGbm;

/// <summary>What trees are grown for. Scores are class-major: score k of row i stands at k * rows + i.</summary>
public interface IBoostingObjective
{
    /// <summary>Scores of a row, and trees of a round.</summary>
    int Scores { get; }

    /// <summary>First and second derivatives of the weighted loss by the scores.</summary>
    /// <param name="scores">The present scores.</param>
    /// <param name="rows">Targets and weights.</param>
    /// <param name="gradient">Receives the first derivatives, laid out like the scores.</param>
    /// <param name="hessian">Receives the second ones.</param>
    void Differentiate(double[] scores, LabelledRows rows, float[] gradient, float[] hessian);

    /// <summary>The weighted mean loss, which decides when to stop.</summary>
    double MeanLoss(double[] scores, LabelledRows rows);
}
