namespace Tiebreak.Core.Hubs;

/// <summary>A file that can be fetched.</summary>
/// <param name="Path">Its path in the repository, with slashes; never leads out of the folder that it is put into.</param>
/// <param name="Address">Where it is.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Hash">What it must hold.</param>
public sealed record HubFile(string Path, Uri Address, long Bytes, FileHash Hash);
