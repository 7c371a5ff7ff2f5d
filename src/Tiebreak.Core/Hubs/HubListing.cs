namespace Tiebreak.Core.Hubs;

/// <summary>The files of a repository at one commit.</summary>
/// <param name="Repository">The repository.</param>
/// <param name="Commit">The commit that the revision stood for when it was asked.</param>
/// <param name="Files">All files, in the hub's order.</param>
public sealed record HubListing(HubRepository Repository, string Commit, IReadOnlyList<HubFile> Files);
