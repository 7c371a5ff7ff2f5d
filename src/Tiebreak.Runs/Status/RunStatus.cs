using Tiebreak.Core;
using Tiebreak.Runs.Budgets;
using Tiebreak.Runs.Leases;
using Tiebreak.Runs.Planning;
using Tiebreak.Runs.Results;
using Tiebreak.Runs.Storage;

namespace Tiebreak.Runs.Status;

/// <summary>Where a run stands, as its folder tells; neither data nor judge is opened.</summary>
public sealed record RunStatus
{
    /// <summary>The speed is that of the latest shards, so many of them.</summary>
    private const int RecentShards = 20;

    /// <summary>The passes of the run.</summary>
    public required IReadOnlyList<PassStatus> Passes { get; init; }

    /// <summary>True if the run has ended, complete or for lack of time.</summary>
    public required bool HasEnded { get; init; }

    /// <summary>Battles a second over the latest shards, all workers together; null before two shards are finished.</summary>
    public required double? RowsPerSecond { get; init; }

    /// <summary>Time until everything is finished at that speed; null where it is not known. A budgeted run may stop before.</summary>
    public required TimeSpan? Left { get; init; }

    /// <summary>When the judges stop, whether finished or not; null without a budget.</summary>
    public required DateTimeOffset? Stop { get; init; }

    /// <summary>Who works on what.</summary>
    public required IReadOnlyList<WorkerStatus> Workers { get; init; }

    /// <summary>Battles that broke the judge.</summary>
    public required IReadOnlyList<FailedRow> Failed { get; init; }

    /// <summary>Reads the folder of a run.</summary>
    /// <exception cref="InputException">There is no run, or its stop time is damaged.</exception>
    public static RunStatus Read(string folder)
    {
        var manifest = ScoringRun.ReadManifest(folder);
        var storage = new DiskStorage(folder);
        var names = ShardMarker.Names(storage).ToHashSet(StringComparer.Ordinal);
        var markers = names.Where(name => !Shard.IsPart(name) || !names.Contains(Shard.WholeOf(name)))
            .Select(name => ShardMarker.Read(storage, name)).OfType<ShardMarker>().OrderBy(marker => marker.Finished).ToList();
        var passes = Enum.GetValues<RunPass>().Where(pass => IsPart(pass, manifest))
            .Select(pass => new PassStatus(
                pass,
                markers.Where(marker => marker.Shard.StartsWith(Shard.Prefix(pass), StringComparison.Ordinal)).Sum(marker => marker.Rows),
                manifest.Rows))
            .ToList();
        var speed = Speed([.. markers.TakeLast(RecentShards)]);
        var finished = markers.Select(marker => marker.Shard).ToHashSet(StringComparer.Ordinal);
        return new RunStatus
        {
            Passes = passes,
            HasEnded = storage.Read(RunReport.FileName) is not null,
            RowsPerSecond = speed,
            Left = speed is > 0 ? TimeSpan.FromSeconds(passes.Sum(pass => pass.Total - pass.Done) / speed.Value) : null,
            Stop = StopTime.Read(storage)?.Stop,
            Workers = [.. LeaseBook.All(storage).Where(lease => !finished.Contains(lease.Shard))
                .Select(lease =>
                    new WorkerStatus(lease.Shard, lease.Owner.Machine, lease.Owner.Process, lease.Taken, lease.Owner.IsGone()))],
            Failed = [.. markers.SelectMany(marker => marker.Failed).DistinctBy(row => row.Row)],
        };
    }

    private static bool IsPart(RunPass pass, RunManifest manifest) => pass switch
    {
        RunPass.Fallback => manifest.FallbackSha256 is not null,
        RunPass.First => true,
        _ => manifest.SecondOrder != SecondOrder.None,
    };

    // From the first of the shards on, whose own rows were judged before.
    private static double? Speed(List<ShardMarker> markers) =>
        markers.Count > 1 && (markers[^1].Finished - markers[0].Finished).TotalSeconds is > 0 and var seconds
            ? markers.Skip(1).Sum(marker => marker.Rows) / seconds
            : null;
}

/// <summary>How far a pass is.</summary>
/// <param name="Pass">The pass.</param>
/// <param name="Done">Battles of finished shards.</param>
/// <param name="Total">Battles of the pass; of the second order of a budgeted run, at most so many.</param>
public sealed record PassStatus(RunPass Pass, int Done, int Total);

/// <summary>A shard that somebody is working on.</summary>
/// <param name="Shard">The shard's name.</param>
/// <param name="Machine">The machine of the worker.</param>
/// <param name="Process">The number of its process.</param>
/// <param name="Taken">Since when, by the clock of that machine.</param>
/// <param name="IsGone">True if that process is known to be dead, so that the next worker takes the shard over.</param>
public sealed record WorkerStatus(string Shard, string Machine, int Process, DateTimeOffset Taken, bool IsGone);
