namespace Tiebreak.Data.Votes;

/// <summary>What a column of a votes file holds.</summary>
internal enum VoteColumn
{
    /// <summary>Something that is not read.</summary>
    Other,
    ModelA,
    ModelB,
    Winner,

    /// <summary>1 where A won, as in the competition's files.</summary>
    WinnerA,
    WinnerB,
    WinnerTie,
    Judge,
    Timestamp,
    Language,
    Turn,
    Weight,
}
