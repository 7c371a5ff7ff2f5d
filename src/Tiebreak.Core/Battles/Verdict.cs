namespace Tiebreak.Core.Battles;

/// <summary>What the person voted. One verdict covers the whole conversation.</summary>
public enum Verdict
{
    /// <summary>The responses of side A are better.</summary>
    A,

    /// <summary>The responses of side B are better.</summary>
    B,

    /// <summary>Both are equally good.</summary>
    Tie,

    /// <summary>Both are bad. Kept apart in the data; counts as a tie wherever three outcomes are predicted.</summary>
    BothBad,
}
