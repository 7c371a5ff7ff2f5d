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

    /// <summary>Handing in a part takes some hundredths of a second.</summary>
    private static readonly TimeSpan LeastForParts = TimeSpan.FromSeconds(0.1);

    private readonly CostModel _model = new(stop?.SecondsPerRow ?? 0, stop?.SecondsPerToken ?? 1);

    /// <summary>The time that is left, or null for any time.</summary>
    public TimeSpan? Left => stop is null ? null : stop.Stop - clock.GetUtcNow() is { Ticks: > 0 } left ? left : TimeSpan.Zero;

    /// <summary>Takes a finished shard into account.</summary>
    public void Add(Shard shard, double seconds) => _model.Add(shard.Rows.Length, shard.Tokens, seconds);

    /// <summary>
    /// The shards that fit, in the order in which to do them. As long as all of them fit together, the longest come first, so that no
    /// surprise is left for the end; once they do not, the shortest come first, so that as many battles as possible are judged.
    /// </summary>
    public IEnumerable<Shard> Fitting(IReadOnlyList<Shard> remaining)
    {
        if (Left is not { } left)
            return remaining;
        if (left <= TimeSpan.Zero)
            return [];

        // The rates are those of the judge; the fallback is fast, and always comes first.
        if (remaining[0].Pass == RunPass.Fallback)
            return remaining;
        return InOrder(remaining, left).Where(shard => Predict(shard) * Caution <= left.TotalSeconds);
    }

    /// <summary>
    /// Where no whole shard fits: of each one as much as still does, in the order in which to do them. Nothing once so little time is left
    /// that files would take most of it.
    /// </summary>
    /// <param name="remaining">Shards, and what is left of those that were begun in parts.</param>
    /// <param name="tokens">The estimated tokens of all rows of the run.</param>
    public IEnumerable<Shard> FittingParts(IReadOnlyList<Shard> remaining, IReadOnlyList<long> tokens) =>
        remaining.Count > 0 && Left is { } left && left >= LeastForParts
            ? InOrder(remaining, left).Select(shard => FittingPart(shard, left.TotalSeconds / Caution, tokens)).OfType<Shard>()
            : [];

    private IEnumerable<Shard> InOrder(IReadOnlyList<Shard> remaining, TimeSpan left) =>
        IsShortestFirst(remaining, left) ? remaining.Reverse() : remaining;

    private bool IsShortestFirst(IReadOnlyList<Shard> remaining, TimeSpan left) =>
        remaining[0].Pass == RunPass.First && remaining.Sum(Predict) / Math.Max(1, stop!.Workers) > left.TotalSeconds;

    // Rows of the first order lie longest first, so the end of a shard has more battles than its beginning.
    private Shard? FittingPart(Shard shard, double seconds, IReadOnlyList<long> tokens)
    {
        var isFromEnd = shard.Pass == RunPass.First;
        var (count, sum) = (0, 0L);
        for (; count < shard.Rows.Length; count++)
        {
            sum += tokens[shard.Rows[isFromEnd ? shard.Rows.Length - 1 - count : count]];
            if (_model.Predict(count + 1, sum) > seconds)
                break;
        }

        return count == 0 ? null : shard.Slice(isFromEnd ? shard.Rows.Length - count : 0, count, tokens);
    }

    private double Predict(Shard shard) => _model.Predict(shard.Rows.Length, shard.Tokens);
}
