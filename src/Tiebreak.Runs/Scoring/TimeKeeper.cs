using System.Text.Json;
using Tiebreak.Runs.Budgets;
using Tiebreak.Runs.Planning;

namespace Tiebreak.Runs.Scoring;

/// <summary>Decides from measured speed which shards still fit before the run must stop. Without a stop time everything fits.</summary>
/// <param name="stop">Until when to work, or null.</param>
/// <param name="clock">The clock.</param>
internal sealed class TimeKeeper(StopTime? stop, TimeProvider clock)
{
    /// <summary>A shard may take so much longer than foreseen and still end in time.</summary>
    private const double Caution = 1.15;

    private readonly CostModel _model = new(stop?.SecondsPerRow ?? 0, stop?.SecondsPerToken ?? 1);

    /// <summary>The time that is left, or null for any time.</summary>
    public TimeSpan? Left => stop is null ? null : stop.Stop - clock.GetUtcNow() is { Ticks: > 0 } left ? left : TimeSpan.Zero;

    /// <summary>The stop time of a run, as its coordinator wrote it; null without one.</summary>
    public static StopTime? Read(RunContext run) =>
        run.Storage.Read(StopTime.FileName) is { } content ? JsonSerializer.Deserialize(content, RunJson.Default.StopTime) : null;

    /// <summary>Takes a finished shard into account.</summary>
    public void Add(Shard shard, double seconds) => _model.Add(shard.Rows.Length, shard.Tokens, seconds);

    /// <summary>
    /// The shards that fit, in the order in which to do them. As long as all of them fit together, the longest come first, so that no surprise
    /// is left for the end; once they do not, the shortest come first, so that as many battles as possible are judged.
    /// </summary>
    public IEnumerable<Shard> Fitting(IReadOnlyList<Shard> remaining)
    {
        if (Left is not { } left)
            return remaining;
        if (left <= TimeSpan.Zero)
            return [];

        var allFit = remaining.Sum(Predict) / Math.Max(1, stop!.Workers) <= left.TotalSeconds;
        return (allFit || remaining[0].Pass == RunPass.Second ? remaining : remaining.Reverse()).Where(shard => Predict(shard) * Caution <= left.TotalSeconds);
    }

    private double Predict(Shard shard) => _model.Predict(shard.Rows.Length, shard.Tokens);
}
