namespace Tiebreak.Features.TermVectors;

/// <summary>Which terms a TF-IDF linear model knows, and how freely it may weigh them.</summary>
internal sealed record TermOptions
{
    /// <summary>Most terms kept, the most frequent ones.</summary>
    public int MaxTerms { get; init; } = 20_000;

    /// <summary>Fewest texts that must hold a term.</summary>
    public int MinTexts { get; init; } = 5;

    /// <summary>L2 penalty on the weights, beside the sum of the log losses (scikit-learn's 1/C): more data, more freedom.</summary>
    public double L2 { get; init; } = 16;

    /// <summary>Most steps of the optimiser.</summary>
    public int MaxSteps { get; init; } = 200;
}
