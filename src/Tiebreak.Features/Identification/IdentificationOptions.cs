namespace Tiebreak.Features.Identification;

/// <summary>How the writer of a response is told.</summary>
public sealed record IdentificationOptions
{
    /// <summary>Most terms kept, the most frequent ones.</summary>
    public int MaxTerms { get; init; } = 30_000;

    /// <summary>Fewest responses that must hold a term.</summary>
    public int MinTexts { get; init; } = 3;

    /// <summary>What is added to every count, so that a word which a model has not used yet does not rule it out.</summary>
    public double Smoothing { get; init; } = 0.1;

    /// <summary>L2 penalty on the strengths of models; see <see cref="TermVectors.PairLinearTrainer"/>.</summary>
    public double L2 { get; init; } = 4;
}
