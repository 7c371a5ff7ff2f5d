namespace Tiebreak.Core.Battles;

/// <summary>What a judge predicts. The values are the label order everywhere: A, B, tie.</summary>
public enum Outcome
{
    /// <summary>Side A wins.</summary>
    A = 0,

    /// <summary>Side B wins.</summary>
    B = 1,

    /// <summary>Nobody wins, whether both are good or both are bad.</summary>
    Tie = 2,
}
