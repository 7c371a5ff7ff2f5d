namespace Tiebreak.Features.Routing;

/// <summary>What is looked at in prompts, and which penalties are tried.</summary>
public sealed record PromptRatingsOptions
{
    /// <summary>Most terms (words and pairs of neighbouring words) kept, the most frequent ones.</summary>
    public int MaxTerms { get; init; } = 1_000;

    /// <summary>Fewest different prompts that must hold a term.</summary>
    public int MinPrompts { get; init; } = 3;

    /// <summary>
    /// Factors of half the squared strengths of models, beside the sum of log losses; the best on held-out prompts is taken.
    /// </summary>
    public IReadOnlyList<double> StrengthPenalties { get; init; } = [0.1, 1, 4];

    /// <summary>
    /// The same for what prompts change about strengths and about ties, from the strongest to the weakest; no change at all is tried as
    /// well.
    /// </summary>
    public IReadOnlyList<double> PromptPenalties { get; init; } = [256, 64, 16, 4, 1, 0.25];

    /// <summary>Most steps of the optimiser.</summary>
    public int MaxSteps { get; init; } = 500;
}
