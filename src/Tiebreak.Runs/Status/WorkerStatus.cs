namespace Tiebreak.Runs.Status;

/// <summary>A shard that somebody is working on.</summary>
/// <param name="Shard">The shard's name.</param>
/// <param name="Machine">The machine of the worker.</param>
/// <param name="Process">The number of its process.</param>
/// <param name="Taken">Since when, by the clock of that machine.</param>
/// <param name="IsGone">True if that process is known to be dead, so that the next worker takes the shard over.</param>
public sealed record WorkerStatus(string Shard, string Machine, int Process, DateTimeOffset Taken, bool IsGone);
