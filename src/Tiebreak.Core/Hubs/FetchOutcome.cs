namespace Tiebreak.Core.Hubs;

/// <summary>How a file came to be there.</summary>
public enum FetchOutcome
{
    /// <summary>It was fetched from its beginning.</summary>
    Fetched,

    /// <summary>What was missing of an earlier try was fetched.</summary>
    Resumed,

    /// <summary>It was there, and its hash is right.</summary>
    AlreadyThere,
}
