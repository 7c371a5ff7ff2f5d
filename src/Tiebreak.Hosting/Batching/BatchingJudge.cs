using System.Diagnostics;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Judging.Capabilities;
using Tiebreak.Hosting.Diagnostics;

namespace Tiebreak.Hosting.Batching;

/// <summary>
/// A judge whose callers share batches: while one batch is judged, what is asked meanwhile gathers for the next one. A caller who is alone
/// waits for nothing. Callers who have just been answered may ask again at once: the next batch waits some milliseconds for them, or else
/// two callers would take turns with batches of one battle; where they do not, later batches do not wait. What a judge says of a battle
/// does not depend on its neighbours, and a battle that breaks the judge fails alone (<see cref="IsolatingJudge"/>).
/// </summary>
internal sealed class BatchingJudge : IJudge
{
    private const int NearlyFull = 32; // the share of the queue that is free then: a list of a hundred would be read in vain
    private const int GatheringShare = 8; // of the time of a batch
    private const int MostVain = 6; // after so many times in vain, one batch in 64 tries again

    private static readonly TimeSpan LeastGathering = TimeSpan.FromMilliseconds(1); // timers are no finer
    private static readonly TimeSpan MostGathering = TimeSpan.FromMilliseconds(5);

    private readonly Lock _lock = new();
    private readonly IsolatingJudge _inner;
    private readonly Func<Battle, long> _tokens;
    private readonly BatchLimits _limits;
    private readonly TimeProvider _clock;
    private readonly long _start;
    private readonly BatchQueue _queue;
    private readonly JudgingRate _rate = new();
    private TaskCompletionSource _room = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _gathered; // null: nobody is waited for
    private int _gatheredAt;
    private int _vain; // how often nobody came, one time after the other
    private int _notGathered; // batches since then
    private bool _isJudging;
    private long _count;

    /// <param name="inner">The judge; disposed with this one.</param>
    /// <param name="tokens">About how many tokens a battle has.</param>
    /// <param name="limits">The sizes of batches and of the queue.</param>
    /// <param name="say">Receives what a person should know.</param>
    /// <param name="clock">The clock.</param>
    public BatchingJudge(IJudge inner, Func<Battle, long> tokens, BatchLimits limits, Action<string> say, TimeProvider clock)
    {
        _inner = new IsolatingJudge(inner, tokens, say);
        (_tokens, _limits, _clock) = (tokens, limits, clock);
        _start = clock.GetTimestamp();
        _queue = new BatchQueue(limits);
    }

    /// <inheritdoc/>
    public JudgeTraits Traits => _inner.Traits;

    /// <inheritdoc/>
    /// <exception cref="QueueFullException">Too much waits already.</exception>
    public Task<JudgeOutcome[]> JudgeAsync(JudgeRequest request, CancellationToken cancellationToken = default) =>
        JudgeAsync(request, _limits.Patience, cancellationToken);

    /// <summary>Judges battles for a caller whose time is limited.</summary>
    /// <param name="request">The battles, and the orders to judge them in.</param>
    /// <param name="patience">
    /// How long the caller waits. It decides who goes first; that the caller has gone is told by <paramref name="cancellationToken"/>.
    /// </param>
    /// <param name="cancellationToken">Takes the battles out of the queue, or stops their batch if nobody else has battles in it.</param>
    /// <exception cref="QueueFullException">Too much waits already.</exception>
    public async Task<JudgeOutcome[]> JudgeAsync(JudgeRequest request, TimeSpan patience, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (request.Battles.Count == 0)
            return [];

        var tokens = request.Battles.Select(_tokens).ToArray();
        var queued = new QueuedRequest(request.Battles, request.Orders);
        var battles = Enqueue(queued, tokens, patience);
        var cancelling = cancellationToken.UnsafeRegister((_, token) => Cancel(queued, battles, token), state: null);
        await using var registered = cancelling.ConfigureAwait(false);
        var outcomes = await queued.Answer.ConfigureAwait(false);
        request.Progress?.Report(outcomes.Length);
        return outcomes;
    }

    /// <summary>Refuses so many battles where they do not fit into the queue now, before the work of reading them.</summary>
    /// <exception cref="QueueFullException">Too much waits already.</exception>
    public void ThrowIfFull(int battles)
    {
        lock (_lock)
            ThrowIfFull(battles, tokens: 0);
    }

    /// <summary>Refuses a request of which nothing is known yet where hardly anything fits into the queue.</summary>
    /// <exception cref="QueueFullException">Too much waits already.</exception>
    public void ThrowIfNearlyFull() => ThrowIfFull(Math.Max(1, _limits.QueueBattles / NearlyFull));

    /// <summary>Waits until battles leave the queue, for a caller who would rather wait than be refused.</summary>
    public Task WaitForRoomAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
            return _queue.Count == 0 ? Task.CompletedTask : _room.Task.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _inner.DisposeAsync();

    private QueuedBattle[] Enqueue(QueuedRequest request, long[] tokens, TimeSpan patience)
    {
        var battles = new QueuedBattle[tokens.Length];
        lock (_lock)
        {
            ThrowIfFull(tokens.Length, tokens.Sum());
            var now = _clock.GetElapsedTime(_start);
            for (var i = 0; i < battles.Length; i++)
            {
                battles[i] = new QueuedBattle(request, i)
                {
                    Number = _count++,
                    Tokens = tokens[i],
                    CameAt = now,
                    UrgentAt = now + (patience / 2),
                };
                _queue.Add(battles[i]);
            }

            if (_queue.Count >= _gatheredAt)
                _gathered?.TrySetResult();
            if (_isJudging)
                return battles;
            _isJudging = true;
        }

        // Without the caller's context: the batches of others are not part of what it is doing.
        ThreadPool.UnsafeQueueUserWorkItem(judge => _ = judge.JudgeWhatWaitsAsync(), this, preferLocal: false);
        return battles;
    }

    // Under the lock.
    private void ThrowIfFull(int battles, long tokens)
    {
        if (!_queue.HasRoomFor(battles, tokens))
            throw new QueueFullException(_queue.Count, _rate.TimeFor(_queue.Tokens));
    }

    private void Cancel(QueuedRequest request, QueuedBattle[] battles, CancellationToken cancellationToken)
    {
        if (!request.Cancel(cancellationToken))
            return;
        lock (_lock)
        {
            foreach (var battle in battles)
            {
                if (!_queue.Remove(battle))
                    battle.Batch?.Abandon();
            }

            TellOfRoom();
        }
    }

    // Under the lock.
    private void TellOfRoom()
    {
        _room.SetResult();
        _room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private async Task JudgeWhatWaitsAsync()
    {
        while (Next() is { } batch)
        {
            using (batch)
            {
                var taken = await JudgeAsync(batch).ConfigureAwait(false);
                lock (_lock)
                {
                    foreach (var battle in batch.Battles)
                        battle.Batch = null;
                }

                await GatherAsync(batch.Battles.Count, taken / GatheringShare).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Waits until as many battles have come as have just been answered.</summary>
    private async Task GatherAsync(int answered, TimeSpan most)
    {
        Task gathered;
        lock (_lock)
        {
            _gatheredAt = Math.Min(_queue.Count + answered, _limits.BatchBattles);
            if (most < LeastGathering || _gatheredAt < 2 || _queue.Count >= _gatheredAt || _queue.Tokens >= _limits.BatchTokens
                || ++_notGathered < 1 << _vain)
            {
                return;
            }

            _notGathered = 0;
            _gathered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            gathered = _gathered.Task;
        }

        await Task.WhenAny(gathered, Task.Delay(most < MostGathering ? most : MostGathering, _clock)).ConfigureAwait(false);
        lock (_lock)
        {
            _gathered = null;
            _vain = gathered.IsCompleted ? 0 : Math.Min(_vain + 1, MostVain);
        }
    }

    private RunningBatch? Next()
    {
        lock (_lock)
        {
            var now = _clock.GetElapsedTime(_start);
            var battles = _queue.Take(now);
            _isJudging = battles.Count > 0;
            if (!_isJudging)
                return null;

            var batch = new RunningBatch(battles);
            foreach (var battle in battles)
            {
                battle.Batch = batch;
                ServingMeter.WaitDuration.Record((now - battle.CameAt).TotalSeconds);
            }

            TellOfRoom();
            return batch;
        }
    }

    /// <returns>The time that it took.</returns>
    private async Task<TimeSpan> JudgeAsync(RunningBatch batch)
    {
        var battles = batch.Battles;
        var (start, tokens) = (_clock.GetTimestamp(), battles.Sum(battle => battle.Tokens));
        var callers = battles.Select(battle => battle.Caller).OfType<ActivityContext>().Distinct();
        using var activity = ServingMeter.StartBatch(battles.Count, tokens, callers);
        ServingMeter.BatchBattles.Record(battles.Count);
        ServingMeter.BatchTokens.Record(tokens);
        try
        {
            var request = new JudgeRequest { Battles = [.. battles.Select(battle => battle.Battle)], Orders = battles[0].Orders };
            var outcomes = await _inner.JudgeAsync(request, batch.Stopped).ConfigureAwait(false);
            lock (_lock)
                _rate.Add(tokens, _clock.GetElapsedTime(start));
            for (var i = 0; i < outcomes.Length; i++)
                battles[i].Complete(outcomes[i]);
        }
        catch (OperationCanceledException) when (batch.Stopped.IsCancellationRequested)
        {
            // Nobody waits for the answer.
        }
        catch (Exception exception)
        {
            foreach (var battle in battles)
                battle.Fail(exception);
        }

        return _clock.GetElapsedTime(start);
    }
}
