namespace Tiebreak.Data.Votes;

/// <summary>What a column of a votes file holds.</summary>
internal enum VoteColumn
{
    /// <summary>Something that is not read.</summary>
    Other,
    ModelA,
    ModelB,
    Winner,
    Judge,
    Timestamp,
    Language,
    Turn,
    Weight,
}
