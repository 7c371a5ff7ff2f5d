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

/// <summary>Which battle of a group of duplicates stays.</summary>
public enum DuplicateKeep
{
    /// <summary>The first in the list.</summary>
    First,

    /// <summary>The first that has a label, or the first where none has.</summary>
    Labelled,
}

/// <summary>How alike two battles must be to count as duplicates.</summary>
public enum DuplicateMatch
{
    /// <summary>The same characters. A missing text and an empty one differ.</summary>
    Exact,

    /// <summary>
    /// The same letters and digits: case, punctuation and white space do not matter. Texts without any are compared as they are, trimmed.
    /// </summary>
    Normalised,

    /// <summary>
    /// A Jaccard similarity of at least <see cref="DeduplicationOptions.Threshold"/> between sets of word or character runs.
    /// </summary>
    Near,
}

/// <summary>What of two battles is compared.</summary>
public enum DuplicateScope
{
    /// <summary>Prompts and both responses; the same battle with A and B exchanged is a duplicate. Near: runs of three words.</summary>
    Battle,

    /// <summary>The prompts of all turns. Near: runs of five characters, as prompts are short.</summary>
    Prompt,
}
