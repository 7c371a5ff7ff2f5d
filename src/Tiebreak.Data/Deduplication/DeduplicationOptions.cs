namespace Tiebreak.Data.Deduplication;

/// <summary>What counts as a duplicate, and which one stays.</summary>
public sealed record DeduplicationOptions
{
    /// <summary>How alike battles must be. Default: <see cref="DuplicateMatch.Normalised"/>.</summary>
    public DuplicateMatch Match { get; init; } = DuplicateMatch.Normalised;

    /// <summary>What is compared. Default: <see cref="DuplicateScope.Battle"/>.</summary>
    public DuplicateScope Scope { get; init; } = DuplicateScope.Battle;

    /// <summary>Least Jaccard similarity of near-duplicates, above 0 and at most 1. Default: 0.8.</summary>
    public double Threshold { get; init; } = 0.8;

    /// <summary>Which one stays. Default: <see cref="DuplicateKeep.First"/>.</summary>
    public DuplicateKeep Keep { get; init; } = DuplicateKeep.First;

    /// <summary>
    /// Signatures of near-duplicates are computed on so many threads; the result does not depend on it. Default: one per processor.
    /// </summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}
