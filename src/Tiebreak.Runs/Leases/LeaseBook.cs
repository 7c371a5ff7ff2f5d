using System.Text.Json;
using Tiebreak.Core;
using Tiebreak.Runs.Storage;

namespace Tiebreak.Runs.Leases;

/// <summary>
/// The leases of a run, as one worker sees them. A lease only saves work: two workers on one shard waste time and nothing else, because
/// results replace each other whole. So it need not be proof against every race, only against waiting for the dead.
/// </summary>
/// <param name="storage">The run's files.</param>
/// <param name="me">The worker.</param>
/// <param name="times">Heartbeat and expiry.</param>
/// <param name="clock">Only elapsed time is used: clocks of other machines may be wrong.</param>
/// <param name="isGone">Whether an owner is known to be dead.</param>
internal sealed class LeaseBook(IRunStorage storage, LeaseOwner me, LeaseTimes times, TimeProvider clock, Func<LeaseOwner, bool> isGone)
{
    private readonly Dictionary<string, (long Beat, string Owner, long Since)> _watched = new(StringComparer.Ordinal);

    public static string FileOf(string shard) => $"leases/{shard}.json";

    /// <summary>Every readable lease there is.</summary>
    public static IEnumerable<Lease> All(IRunStorage storage) =>
        storage.List("leases").Select(name => Parse(storage.Read($"leases/{name}"))).OfType<Lease>();

    /// <summary>Takes the lease of a shard if nobody alive has it.</summary>
    /// <exception cref="TiebreakException">
    /// Nobody is known to have it, but it cannot be written: the disk is full, or the folder is read-only.
    /// </exception>
    public bool TryTake(string shard)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(new Lease(shard, me, clock.GetUtcNow(), 0), RunJson.Default.Lease);
        try
        {
            if (storage.TryPublish(FileOf(shard), content))
                return true;

            if (storage.Read(FileOf(shard)) is not { } found)
                return storage.TryPublish(FileOf(shard), content);

            return IsLost(shard, found) && TryRemove(shard, found) && storage.TryPublish(FileOf(shard), content);
        }
        catch (TiebreakException) when (IsHeld(shard))
        {
            return false;
        }
    }

    /// <summary>
    /// Tells the others that this worker still works on the shard. Once somebody else has taken the lease, it is left to them.
    /// </summary>
    public void Renew(string shard)
    {
        try
        {
            if (Parse(storage.Read(FileOf(shard))) is { } lease && IsMine(lease))
            {
                storage.Replace(
                    FileOf(shard), stream => JsonSerializer.Serialize(stream, lease with { Beat = lease.Beat + 1 }, RunJson.Default.Lease));
            }
        }
        catch (TiebreakException)
        {
            // A full disk or a lost share: at worst somebody else does the shard too.
        }
    }

    /// <summary>Gives a lease back; one that cannot be removed expires.</summary>
    public void Release(string shard)
    {
        try
        {
            if (Parse(storage.Read(FileOf(shard))) is { } lease && IsMine(lease))
                storage.Delete(FileOf(shard));
        }
        catch (TiebreakException)
        {
            // What matters is the result, and that is handed in already or lost with a better error.
        }
    }

    private bool IsHeld(string shard)
    {
        try
        {
            return storage.Read(FileOf(shard)) is { } found && !IsLost(shard, found);
        }
        catch (TiebreakException)
        {
            return false;
        }
    }

    // Between looking and renaming somebody else may have taken the lost lease and made it theirs: then it is put back.
    private bool TryRemove(string shard, byte[] lost)
    {
        var aside = $"leases/{shard}.{Guid.NewGuid():N}{DiskStorage.TemporarySuffix}";
        if (!storage.TryRename(FileOf(shard), aside))
            return false;

        if (storage.Read(aside) is { } removed && !removed.AsSpan().SequenceEqual(lost))
        {
            storage.TryRename(aside, FileOf(shard));
            return false;
        }

        storage.Delete(aside);
        return true;
    }

    private bool IsLost(string shard, byte[] content)
    {
        // A lease appears whole, so one that cannot be read was cut off by a power failure.
        if (Parse(content) is not { } lease || IsMine(lease) || isGone(lease.Owner))
            return true;

        var now = clock.GetTimestamp();
        if (!_watched.TryGetValue(shard, out var seen) || seen.Beat != lease.Beat
            || !string.Equals(seen.Owner, lease.Owner.Id, StringComparison.Ordinal))
        {
            _watched[shard] = seen = (lease.Beat, lease.Owner.Id, now);
        }

        return clock.GetElapsedTime(seen.Since, now) >= times.Expiry;
    }

    private bool IsMine(Lease lease) => string.Equals(lease.Owner.Id, me.Id, StringComparison.Ordinal);

    private static Lease? Parse(byte[]? content)
    {
        try
        {
            return content is null ? null : JsonSerializer.Deserialize(content, RunJson.Default.Lease);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>A worker's word that it is working on a shard.</summary>
/// <param name="Shard">The shard's name.</param>
/// <param name="Owner">Who.</param>
/// <param name="Taken">When it was taken, by the owner's clock.</param>
/// <param name="Beat">Grows as long as the owner lives.</param>
internal sealed record Lease(string Shard, LeaseOwner Owner, DateTimeOffset Taken, long Beat);

/// <summary>How leases are kept and lost.</summary>
internal sealed record LeaseTimes
{
    /// <summary>A holder renews its lease so often. Default: 10 seconds.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A lease that did not change for so long, by the watcher's own clock, is taken away. Default: 60 seconds.</summary>
    public TimeSpan Expiry { get; init; } = TimeSpan.FromSeconds(60);
}
