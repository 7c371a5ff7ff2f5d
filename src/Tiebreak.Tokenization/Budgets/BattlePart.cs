namespace Tiebreak.Tokenization.Budgets;

/// <summary>Whose text it is.</summary>
public enum BattlePart
{
    /// <summary>The person's.</summary>
    Prompt,

    /// <summary>Side A's.</summary>
    ResponseA,

    /// <summary>Side B's.</summary>
    ResponseB,
}
