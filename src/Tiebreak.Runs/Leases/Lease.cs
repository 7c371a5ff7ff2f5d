namespace Tiebreak.Runs.Leases;

/// <summary>A worker's word that it is working on a shard.</summary>
/// <param name="Shard">The shard's name.</param>
/// <param name="Owner">Who.</param>
/// <param name="Taken">When it was taken, by the owner's clock.</param>
/// <param name="Beat">Grows as long as the owner lives.</param>
internal sealed record Lease(string Shard, LeaseOwner Owner, DateTimeOffset Taken, long Beat);
