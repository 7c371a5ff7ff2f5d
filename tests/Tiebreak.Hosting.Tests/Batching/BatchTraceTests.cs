using System.Collections.Concurrent;
using System.Diagnostics;
using Tiebreak.Core.Diagnostics;
using Tiebreak.Core.Judging;
using Tiebreak.Hosting.Batching;

namespace Tiebreak.Hosting.Tests.Batching;

public sealed class BatchTraceTests : IDisposable
{
    private readonly ActivitySource _callers = new("callers of a test");
    private readonly ConcurrentQueue<Activity> _batches = new();
    private readonly ActivityListener _listener;

    public BatchTraceTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source == _callers || source.Name is TiebreakMeter.Name,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                if (activity.Source != _callers)
                    _batches.Enqueue(activity);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _listener.Dispose();
        _callers.Dispose();
    }

    [Fact]
    public async Task A_batch_has_a_trace_of_its_own_that_names_the_requests_in_it()
    {
        var inner = new ScriptedJudge { Gate = new SemaphoreSlim(0) };
        await using var judge = new BatchingJudge(inner, _ => 10, new BatchLimits(), _ => { }, TimeProvider.System);
        var (first, caller) = Ask(judge, "0");
        while (inner.Batches.IsEmpty)
            await Task.Delay(TimeSpan.FromMilliseconds(1), Cancellation);
        var (second, secondCaller) = Ask(judge, "1", "2");
        var (third, thirdCaller) = Ask(judge, "3");
        inner.Gate.Release(2);
        await Task.WhenAll(first, second, third);

        // Judges of other tests make batches too. The last one ends after its answer.
        ActivityContext[][] expected = [[caller], [secondCaller, thirdCaller]];
        while (_batches.Count(batch => LinksOf(batch).Intersect(expected.SelectMany(callers => callers)).Any()) < expected.Length)
            await Task.Delay(TimeSpan.FromMilliseconds(1), Cancellation);
        var batches = expected.Select(callers => _batches.Single(batch => LinksOf(batch).SequenceEqual(callers))).ToList();
        Assert.All(batches, batch => Assert.Null(batch.ParentId));
        Assert.Equal([1, 3], batches.Select(batch => batch.GetTagItem("tiebreak.batch.battles")));
        Assert.Equal([10L, 30L], batches.Select(batch => batch.GetTagItem("tiebreak.batch.tokens")));
    }

    private static IEnumerable<ActivityContext> LinksOf(Activity batch) => batch.Links.Select(link => link.Context);

    private (Task Answer, ActivityContext Caller) Ask(BatchingJudge judge, params string[] ids)
    {
        using var activity = _callers.StartActivity("ask")!;
        var request = new JudgeRequest { Battles = [.. ids.Select(id => ScriptedJudge.Battle(id))] };
        return (judge.JudgeAsync(request, Cancellation), activity.Context);
    }
}
