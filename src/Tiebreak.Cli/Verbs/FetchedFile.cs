using Tiebreak.Hubs;

namespace Tiebreak.Cli.Verbs;

/// <summary>A file that was fetched, or was there and right.</summary>
/// <param name="Path">Where it is on this machine.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Outcome">How it came to be there.</param>
internal sealed record FetchedFile(string Path, long Bytes, FetchOutcome Outcome);
