namespace Tiebreak.Hubs;

/// <summary>A file that can be fetched.</summary>
/// <param name="Path">Its path in the repository, with slashes. If it leads out of the folder, fetching refuses it.</param>
/// <param name="Address">Where it is fetched from.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Hash">The hash that it must have.</param>
/// <param name="Page">The page where people read about it and accept its terms; error messages name it.</param>
public sealed record HubFile(string Path, Uri Address, long Bytes, FileHash Hash, Uri Page);

/// <summary>The files of a repository at one commit.</summary>
/// <param name="Repository">The repository.</param>
/// <param name="Commit">The commit that the revision stood for when the hub was asked.</param>
/// <param name="Page">The repository's page on the hub.</param>
/// <param name="Files">All files, in the hub's order.</param>
public sealed record HubListing(HubRepository Repository, string Commit, Uri Page, IReadOnlyList<HubFile> Files);

/// <summary>How a file came to be there.</summary>
public enum FetchOutcome
{
    /// <summary>It was fetched from its beginning.</summary>
    Fetched,

    /// <summary>The bytes that were missing from an earlier attempt were fetched.</summary>
    Resumed,

    /// <summary>It was there before, and its hash is right.</summary>
    AlreadyThere,
}
