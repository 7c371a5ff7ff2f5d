using Tiebreak.Core;
using Tiebreak.Core.Diagnostics;
using Tiebreak.Core.Judging;
using Tiebreak.Runs.Budgets;
using Tiebreak.Runs.Leases;
using Tiebreak.Runs.Planning;
using Tiebreak.Runs.Results;

namespace Tiebreak.Runs.Scoring;

/// <summary>One worker: takes shards, has them judged, hands results in, until nothing is left or time is up.</summary>
internal sealed class RunWorker
{
    /// <summary>How often a worker that has nothing to do looks whether somebody else has died.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    private readonly RunContext _run;
    private readonly RunResults _results;
    private readonly LeaseBook _leases;
    private readonly TimeKeeper _time;
    private readonly JudgeHealth _health;
    private readonly StoragePatience _patience;
    private readonly Dictionary<RunPass, IsolatingJudge> _judges;
    private readonly IProgress<JobProgress>? _progress;
    private readonly bool _isFirst;
    private readonly HashSet<string> _done = new(StringComparer.Ordinal);
    private bool _worksWithoutLeases;

    /// <summary>Creates a worker.</summary>
    /// <param name="run">The run.</param>
    /// <param name="owner">The worker, as leases name it.</param>
    /// <param name="progress">Receives how far the run is.</param>
    /// <param name="isFirst">
    /// Whether this is the first process of the run. Where leases cannot be written it works all the same, and the ones that joined do not,
    /// so that the work is done, and done once.
    /// </param>
    public RunWorker(RunContext run, LeaseOwner owner, IProgress<JobProgress>? progress, bool isFirst)
    {
        _run = run;
        _results = new RunResults(run);
        _leases = new LeaseBook(run.Storage, owner, run.LeaseTimes, run.Clock, run.IsGone);
        _time = new TimeKeeper(StopTime.Read(run.Storage), run.Clock);
        _health = new JudgeHealth(run);
        _patience = new StoragePatience(run);
        _progress = progress;
        _isFirst = isFirst;

        var judge = new IsolatingJudge(run.Judge.OneOrder, TokenCost.Of, run.Say);
        _judges = new() { [RunPass.First] = judge, [RunPass.Second] = judge };
        if (run.Judge.Fallback is { } fallback)
            _judges[RunPass.Fallback] = new IsolatingJudge(fallback, TokenCost.Of, run.Say);
    }

    /// <summary>Works.</summary>
    /// <returns>True if every shard of the run is finished, false if time is up.</returns>
    /// <exception cref="TiebreakException">
    /// Results cannot be written (nor leases, for a worker that joined), or the judge fails on everything.
    /// </exception>
    public async Task<bool> WorkAsync(CancellationToken cancellationToken)
    {
        using var stop = new CancellationTokenSource(_time.Left ?? Timeout.InfiniteTimeSpan, _run.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, cancellationToken);
        try
        {
            if (!await PassAsync(RunPass.Fallback, "fallback judge", either.Token).ConfigureAwait(false)
                || !await PassAsync(RunPass.First, "judging", either.Token).ConfigureAwait(false))
            {
                return false;
            }

            if (_run.Manifest.SecondOrder == SecondOrder.Uncertain)
                SecondOrderPlan.Publish(_run, _results);
            return await PassAsync(RunPass.Second, "judging with A and B exchanged", either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task<bool> PassAsync(RunPass pass, string stage, CancellationToken cancellationToken)
    {
        var shards = _run.Of(pass);
        var (remaining, total) = (shards.ToList(), shards.Sum(shard => shard.Rows.Length));
        Forget(remaining);
        while (remaining.Count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var fitting = _time.Fitting(remaining).ToList();
            if (fitting.Count == 0)
            {
                if (!await PartAsync(
                    remaining,
                    new StageProgress(_progress, stage, total, total - remaining.Sum(shard => shard.Rows.Length)),
                    cancellationToken).ConfigureAwait(false))
                {
                    return false;
                }

                continue;
            }

            if (await TakeAsync(fitting, cancellationToken).ConfigureAwait(false) is not { } taken)
            {
                // Others have all that is left: wait until they are done, or dead.
                await Task.Delay(Poll, _run.Clock, cancellationToken).ConfigureAwait(false);
                Forget(remaining);
                continue;
            }

            if (ShardMarker.Read(_run.Storage, taken.Name) is null)
            {
                var before = total - remaining.Sum(shard => shard.Rows.Length);
                await ScoreAsync(taken, new StageProgress(_progress, stage, total, before), cancellationToken).ConfigureAwait(false);
            }
            else
            {
                _leases.Release(taken.Name);
            }

            remaining.Remove(taken);
            _progress?.Report(new JobProgress(stage, total - remaining.Sum(shard => shard.Rows.Length), total));
        }

        return true;
    }

    // No whole shard fits any more: as much of one as still does. False once nothing does.
    private async Task<bool> PartAsync(List<Shard> remaining, StageProgress stage, CancellationToken cancellationToken)
    {
        Forget(remaining);
        var rests = remaining.Select(shard => shard.Rest(PartsOf(shard), _run.Tokens)).OfType<Shard>().ToList();
        var parts = _time.FittingParts(rests, _run.Tokens).ToList();
        if (parts.Count == 0)
            return remaining.Count == 0;

        if (await TakeAsync(parts, cancellationToken).ConfigureAwait(false) is { } taken)
            await ScoreAsync(taken, stage, cancellationToken).ConfigureAwait(false);
        else
            await Task.Delay(Poll, _run.Clock, cancellationToken).ConfigureAwait(false);
        return true;
    }

    // The first shard that is free, or null where others have all of them.
    private async Task<Shard?> TakeAsync(List<Shard> shards, CancellationToken cancellationToken)
    {
        Shard? taken = null;
        await _patience.WriteAsync(() => taken = shards.Find(TryTake), cancellationToken).ConfigureAwait(false);
        return taken;
    }

    private bool TryTake(Shard shard)
    {
        try
        {
            return _leases.TryTake(shard.Whole);
        }
        catch (TiebreakException exception) when (_isFirst)
        {
            if (!_worksWithoutLeases)
                _run.Say($"{exception.Message} This process works without leases, so no other one can share the work.");
            _worksWithoutLeases = true;
            return true;
        }
    }

    private IEnumerable<string> PartsOf(Shard shard) =>
        _done.Where(name => Shard.IsPart(name) && string.Equals(Shard.WholeOf(name), shard.Whole, StringComparison.Ordinal));

    // Shards that somebody has finished.
    private void Forget(List<Shard> remaining)
    {
        _done.UnionWith(ShardMarker.Names(_run.Storage));
        remaining.RemoveAll(shard => _done.Contains(shard.Name));
    }

    private async Task ScoreAsync(Shard shard, IProgress<int> progress, CancellationToken cancellationToken)
    {
        try
        {
            var heartbeat = new Heartbeat(_leases, shard.Whole, _run.LeaseTimes, _run.Clock);
            await using var closing = heartbeat.ConfigureAwait(false);
            var isInBoth = IsInBothOrders(shard);
            var request = new JudgeRequest
            {
                Battles = [.. shard.Rows.Select(row => _run.Battles[row])],
                Orders = isInBoth ? Orders.Both : shard.Pass == RunPass.Second ? Orders.Second : Orders.First,
                Progress = progress,
            };
            var start = _run.Clock.GetTimestamp();
            var outcomes = await _judges[shard.Pass].JudgeAsync(request, cancellationToken).ConfigureAwait(false);
            var seconds = _run.Clock.GetElapsedTime(start).TotalSeconds;
            if (shard.Pass != RunPass.Fallback)
                _time.Add(shard, seconds);
            await _health.CheckAsync(_judges[shard.Pass], outcomes, cancellationToken).ConfigureAwait(false);
            if (isInBoth)
            {
                // The second order first: a first order that is handed in is not asked for again.
                seconds /= 2;
                var second = Array.ConvertAll(outcomes, outcome => RowScore.Of(outcome with { First = null }));
                await HandInAsync(shard.InSecondOrder(), second, seconds, cancellationToken).ConfigureAwait(false);
                outcomes = Array.ConvertAll(outcomes, outcome => outcome with { Second = null });
            }

            await HandInAsync(shard, Array.ConvertAll(outcomes, RowScore.Of), seconds, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _leases.Release(shard.Whole);
        }
    }

    // With a time to stop at, every battle in one order comes before any in both.
    private bool IsInBothOrders(Shard shard) =>
        shard.Pass == RunPass.First && !Shard.IsPart(shard.Name) && _time.Left is null
        && _run.Manifest.SecondOrder == SecondOrder.All && _run.Judge.OneOrder.Traits.SharesOrders;

    private async Task HandInAsync(Shard shard, RowScore[] scores, double seconds, CancellationToken cancellationToken)
    {
        var failed = shard.Rows.Select((row, i) => (row, scores[i].Failure)).Where(row => row.Failure is not null)
            .Select(row => new FailedRow(row.row, _run.Battles[row.row].Id, row.Failure!)).ToList();
        foreach (var row in failed)
            _run.Say($"battle {row.Id} broke the judge and gets the fallback's preference: {row.Reason}");

        var file = ShardFile.Format(shard, _run.Battles, scores);
        var marker = new ShardMarker(
            shard.Name, shard.Rows.Length, shard.Tokens, seconds, Environment.MachineName, _run.Clock.GetUtcNow(), failed);
        var name = ShardFile.FileOf(shard.Name);
        await _patience.WriteAsync(() => _run.Storage.Replace(name, stream => stream.Write(file)), cancellationToken).ConfigureAwait(false);
        await _patience.WriteAsync(() => marker.Write(_run.Storage), cancellationToken).ConfigureAwait(false);
        RunLog.ShardFinished(_run.Logger, shard.Name, shard.Rows.Length, seconds, failed.Count);
        var pass = new KeyValuePair<string, object?>(TiebreakMeter.PassTag, shard.Pass.ToString());
        TiebreakMeter.Shards.Add(1, pass);
        TiebreakMeter.ShardDuration.Record(seconds, pass);
        if (!Shard.IsPart(shard.Name))
            RemoveParts(shard);
    }

    // What an earlier budget had time for is part of the whole shard now. The marker goes first: a result without one is nothing.
    private void RemoveParts(Shard shard)
    {
        foreach (var part in PartsOf(shard))
        {
            _run.Storage.Delete(ShardMarker.FileOf(part));
            _run.Storage.Delete(ShardFile.FileOf(part));
        }
    }
}
