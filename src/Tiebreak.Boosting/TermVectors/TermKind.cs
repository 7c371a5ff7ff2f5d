namespace Tiebreak.Boosting.TermVectors;

/// <summary>What the terms of a text are.</summary>
public enum TermKind
{
    /// <summary>Words and pairs of neighbouring words.</summary>
    Words,

    /// <summary>
    /// Runs of three to five characters inside words, with a space for their beginning and end: scikit-learn's "char_wb".
    /// </summary>
    Characters,
}
