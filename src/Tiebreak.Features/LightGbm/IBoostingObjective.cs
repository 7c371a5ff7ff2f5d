namespace Tiebreak.Features.LightGbm;

/// <summary>What trees are grown for.</summary>
internal interface IBoostingObjective
{
    /// <summary>Scores of a row, and trees of a round.</summary>
    int Scores { get; }

    /// <summary>The loss on some rows.</summary>
    /// <param name="rows">Their targets and weights; the features are not looked at.</param>
    IBoostingLoss Of(LabelledRows rows);
}
