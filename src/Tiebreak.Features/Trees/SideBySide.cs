using Tiebreak.Features.LightGbm;

namespace Tiebreak.Features.Trees;

/// <summary>
/// Grows the boosters of a cross-validation side by side until the mean of their validation losses has not fallen for some rounds. Each
/// thread takes the booster with the fewest rounds that nobody works on, so all are at work until the end, whatever their number; a few
/// rounds behind the last one that counts are wasted.
/// </summary>
internal sealed class SideBySide
{
    private readonly Lock _gate = new();
    private readonly IReadOnlyList<TreeGrowth> _boosters;
    private readonly List<double>[] _losses;
    private readonly bool[] _busy;
    private readonly int _patience;
    private int _limit;
    private int _counted;
    private double _bestLoss = double.PositiveInfinity;

    private SideBySide(IReadOnlyList<TreeGrowth> boosters, BoostingOptions options)
    {
        (_boosters, _patience, _limit) = (boosters, options.Patience, options.Rounds);
        _losses = [.. boosters.Select(_ => new List<double>())];
        _busy = new bool[boosters.Count];
    }

    private int BestRounds { get; set; }

    /// <summary>Grows them.</summary>
    /// <param name="boosters">Boosters without trees, with validation rows.</param>
    /// <param name="options">Most rounds and patience.</param>
    /// <param name="threads">Boosters that grow at once.</param>
    /// <param name="report">
    /// Receives the rounds that all have, and the number at which they would stop if no further one were better.
    /// </param>
    /// <param name="cancellationToken">Stops between rounds.</param>
    /// <returns>The number of rounds that is best for the mean of all; it does not depend on the number of threads.</returns>
    public static int Grow(
        IReadOnlyList<TreeGrowth> boosters, BoostingOptions options, int threads, Action<int, int> report,
        CancellationToken cancellationToken)
    {
        var growing = new SideBySide(boosters, options);
        ParallelLoop.For(Math.Min(threads, boosters.Count), threads, _ => growing.Work(report, cancellationToken), CancellationToken.None);
        return growing.BestRounds;
    }

    private void Work(Action<int, int> report, CancellationToken cancellationToken)
    {
        try
        {
            while (Next() is { } booster)
            {
                cancellationToken.ThrowIfCancellationRequested();
                _boosters[booster].Grow();
                Count(booster, _boosters[booster].ValidationLoss(), report);
            }
        }
        catch
        {
            lock (_gate)
                _limit = 0; // the others need not go on
            throw;
        }
    }

    /// <summary>The booster to work on next; null if those that nobody works on have all their rounds.</summary>
    private int? Next()
    {
        lock (_gate)
        {
            int? next = null;
            for (var i = 0; i < _boosters.Count; i++)
            {
                if (!_busy[i] && _losses[i].Count < _limit && (next is null || _losses[i].Count < _losses[next.Value].Count))
                    next = i;
            }

            if (next is { } booster)
                _busy[booster] = true;
            return next;
        }
    }

    private void Count(int booster, double loss, Action<int, int> report)
    {
        lock (_gate)
        {
            _busy[booster] = false;
            if (_boosters[booster].Rounds > _losses[booster].Count)
                _losses[booster].Add(loss);
            if (_boosters[booster].IsFinished)
                _limit = Math.Min(_limit, _losses[booster].Count);

            while (_counted < _limit && _losses.All(losses => losses.Count > _counted))
            {
                var sum = _losses.Sum(losses => losses[_counted]);
                _counted++;
                if (sum < _bestLoss)
                    (_bestLoss, BestRounds) = (sum, _counted);
                if (_counted - BestRounds == _patience)
                    _limit = _counted;
                report(_counted, Math.Min(_limit, BestRounds + _patience));
            }
        }
    }
}
