namespace Tiebreak.Tokenization.Budgets;

/// <summary>What is given up where a battle has more tokens than the budget.</summary>
public enum BudgetStrategy
{
    /// <summary>
    /// The default. Whole rounds from the last one back; the round at which the budget ends is shared: 20 % prompt, 40 % each response.
    /// Earlier rounds are left out.
    /// </summary>
    Rounds,

    /// <summary>
    /// As <see cref="Rounds"/>, but the round at which the budget ends keeps the ends of its texts, in proportion to their lengths.
    /// </summary>
    Left,

    /// <summary>Prompts, responses A and responses B get a third each; what one does not need goes to the others.</summary>
    Thirds,

    /// <summary>As <see cref="Thirds"/>, in the proportion 1:2:2.</summary>
    OneTwoTwo,

    /// <summary>
    /// The longer side is cut until both are equal, then both alike; prompts give way where they would take more than a fifth.
    /// </summary>
    Longer,

    /// <summary>The whole text cut at its end, as a tokenizer's own truncation does. It can cut a response away: for comparison.</summary>
    End,
}
