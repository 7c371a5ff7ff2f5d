namespace Tiebreak.Data.Deduplication;

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
