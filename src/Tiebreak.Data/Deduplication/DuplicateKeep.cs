namespace Tiebreak.Data.Deduplication;

/// <summary>Which battle of a group of duplicates stays.</summary>
public enum DuplicateKeep
{
    /// <summary>The first in the list.</summary>
    First,

    /// <summary>The first that has a label, or the first where none has.</summary>
    Labelled,
}
