namespace Tiebreak.Transformers.Judges.Readings;

/// <summary>How a difference of scores leaves room for ties.</summary>
internal enum TieKind
{
    /// <summary>Rao and Kupper 1967: a side wins if it is ahead by more than a threshold on the log-odds scale.</summary>
    RaoKupper,

    /// <summary>Davidson 1970: a tie weighs a constant times the geometric mean of both sides.</summary>
    Davidson,
}
