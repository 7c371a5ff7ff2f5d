using Tiebreak.Core.Judging;
using Tiebreak.Hosting.Batching;

namespace Tiebreak.Hosting.Tests.Batching;

public sealed class BatchingJudgeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_asked_while_a_batch_is_judged_gathers_for_the_next()
    {
        var inner = new ScriptedJudge { Gate = new SemaphoreSlim(0) };
        var judge = Batching(inner);
        var first = AskAsync(judge, "0");
        await UntilAsync(() => inner.Batches.Count == 1);
        Task<JudgeOutcome[]>[] others = [.. Enumerable.Range(1, 20).Select(i => AskAsync(judge, $"{i}"))];
        inner.Gate.Release(2);
        await Task.WhenAll(others.Append(first));

        Assert.Equal([1, 20], inner.Batches.Select(batch => batch.Battles.Count));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)] // for some milliseconds, that is
    public async Task The_next_batch_waits_for_those_who_have_just_been_answered(bool theyComeAgain)
    {
        var (clock, inner) = (new StandingClock(), new ScriptedJudge { Gate = new SemaphoreSlim(0) });
        var judge = new BatchingJudge(inner, _ => 10, new BatchLimits(), _ => { }, clock);
        var one = AskAsync(judge, "one");
        await UntilAsync(() => inner.Batches.Count == 1);
        var other = AskAsync(judge, "other");
        clock.Advance(TimeSpan.FromSeconds(3.2));
        inner.Gate.Release(100);
        await one;
        await UntilAsync(() => clock.Timers.Count == 1);
        Assert.Equal(TimeSpan.FromMilliseconds(5), clock.Timers[0].Due);
        Assert.Single(inner.Batches);
        if (theyComeAgain)
            await AskAsync(judge, "one, again");
        else
            clock.Timers[0].Ring();
        await other;

        Assert.Equal([1, theyComeAgain ? 2 : 1], inner.Batches.Select(batch => batch.Battles.Count));
    }

    [Fact]
    public async Task Where_nobody_comes_again_ever_fewer_batches_wait()
    {
        var (clock, inner) = (new StandingClock(), new ScriptedJudge { Gate = new SemaphoreSlim(0) });
        var judge = new BatchingJudge(inner, _ => 10, new BatchLimits(), _ => { }, clock);
        var (waited, rung) = (new List<int>(), 0);
        var running = AskAsync(judge, "0");
        for (var batch = 0; batch < 20; batch++)
        {
            await UntilAsync(() => inner.Batches.Count == batch + 1);
            var next = AskAsync(judge, $"{batch + 1}");
            clock.Advance(TimeSpan.FromSeconds(1));
            inner.Gate.Release();
            await running;
            await UntilAsync(() => inner.Batches.Count == batch + 2 || clock.Timers.Count > rung);
            if (clock.Timers.Count > rung)
            {
                waited.Add(batch);
                clock.Timers[rung++].Ring();
            }

            running = next;
        }

        inner.Gate.Release();
        await running;
        Assert.Equal([0, 2, 6, 14], waited);
    }

    [Fact]
    public async Task Nobody_waits_who_is_alone()
    {
        var (clock, inner) = (new StandingClock(), new ScriptedJudge { Gate = new SemaphoreSlim(0) });
        var judge = new BatchingJudge(inner, _ => 10, new BatchLimits(), _ => { }, clock);
        for (var i = 0; i < 3; i++)
        {
            var answer = AskAsync(judge, $"{i}");
            await UntilAsync(() => inner.Batches.Count == i + 1);
            clock.Advance(TimeSpan.FromSeconds(3.2));
            inner.Gate.Release();
            await answer;
        }

        Assert.Empty(clock.Timers);
    }

    [Fact]
    public async Task Answers_are_those_of_the_judge_whoever_asks_together()
    {
        var battles = Enumerable.Range(0, 64).Select(i => ScriptedJudge.Battle($"{i}", new string('a', i % 7), new string('b', i % 5))).ToArray();
        var judge = Batching(new ScriptedJudge());
        var outcomes = await Task.WhenAll(battles.Chunk(3).Select(part => judge.JudgeAsync(new JudgeRequest { Battles = part }, Cancellation)));

        Assert.Equal(battles.Select(battle => JudgeOutcome.Of(ScriptedJudge.Judge(battle))), outcomes.SelectMany(outcome => outcome));
    }

    [Fact]
    public async Task A_battle_that_breaks_the_judge_fails_alone()
    {
        var judge = Batching(new ScriptedJudge());
        var request = new JudgeRequest
        {
            Battles = [ScriptedJudge.Battle("1"), ScriptedJudge.Battle("2", ScriptedJudge.Poison), ScriptedJudge.Battle("3")],
        };
        var outcomes = await judge.JudgeAsync(request, Cancellation);

        Assert.Equal([false, true, false], outcomes.Select(outcome => outcome.Failure is not null));
    }

    [Fact]
    public async Task A_full_queue_refuses_at_once_and_takes_more_when_it_is_empty_again()
    {
        var inner = new ScriptedJudge { Gate = new SemaphoreSlim(0) };
        var judge = Batching(inner, new BatchLimits { QueueBattles = 3 });
        var running = AskAsync(judge, "running");
        await UntilAsync(() => inner.Batches.Count == 1);
        Task<JudgeOutcome[]>[] waiting = [.. Enumerable.Range(0, 3).Select(i => AskAsync(judge, $"{i}"))];

        var full = await Assert.ThrowsAsync<QueueFullException>(() => AskAsync(judge, "too many"));
        Assert.InRange(full.RetryAfter, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        Assert.Equal("queue-full", full.Code);

        inner.Gate.Release(100);
        await Task.WhenAll(waiting.Append(running));
        Assert.Null((await AskAsync(judge, "later"))[0].Failure);
    }

    [Fact]
    public async Task Who_goes_away_leaves_room_and_no_work()
    {
        var inner = new ScriptedJudge { Gate = new SemaphoreSlim(0) };
        var judge = Batching(inner, new BatchLimits { QueueBattles = 2 });
        var running = AskAsync(judge, "running");
        await UntilAsync(() => inner.Batches.Count == 1);
        using var gone = new CancellationTokenSource();
        var cancelled = judge.JudgeAsync(
            new JudgeRequest { Battles = [ScriptedJudge.Battle("gone"), ScriptedJudge.Battle("gone too")] }, gone.Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        var next = AskAsync(judge, "next");
        inner.Gate.Release(2);
        await Task.WhenAll(running, next);

        Assert.Equal(["running", "next"], inner.Batches.SelectMany(batch => batch.Battles).Select(battle => battle.Id));
    }

    [Fact]
    public async Task A_batch_that_nobody_waits_for_is_stopped()
    {
        var inner = new ScriptedJudge { Gate = new SemaphoreSlim(0) };
        var judge = Batching(inner);
        using var gone = new CancellationTokenSource();
        var running = judge.JudgeAsync(new JudgeRequest { Battles = [ScriptedJudge.Battle("1"), ScriptedJudge.Battle("2")] }, gone.Token);
        await UntilAsync(() => inner.Batches.Count == 1);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await UntilAsync(() => inner.Stopped == 1);

        inner.Gate.Release(1);
        Assert.Null((await AskAsync(judge, "next"))[0].Failure);
    }

    [Fact]
    public async Task A_batch_that_somebody_waits_for_goes_on()
    {
        var inner = new ScriptedJudge { Gate = new SemaphoreSlim(0) };
        var judge = Batching(inner);
        var first = AskAsync(judge, "first");
        await UntilAsync(() => inner.Batches.Count == 1);
        using var gone = new CancellationTokenSource();
        var leaves = judge.JudgeAsync(new JudgeRequest { Battles = [ScriptedJudge.Battle("leaves")] }, gone.Token);
        var stays = AskAsync(judge, "stays");
        inner.Gate.Release(1);
        await first;
        await UntilAsync(() => inner.Batches.Count == 2);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaves);
        inner.Gate.Release(1);

        Assert.Null((await stays)[0].Failure);
        Assert.Equal(0, inner.Stopped);
    }

    [Fact]
    public async Task An_empty_request_has_an_empty_answer() =>
        Assert.Empty(await Batching(new ScriptedJudge()).JudgeAsync(new JudgeRequest { Battles = [] }, Cancellation));

    [Fact]
    public void The_rate_says_how_long_what_waits_will_take()
    {
        var rate = new JudgingRate();
        Assert.Equal(TimeSpan.FromSeconds(1), rate.TimeFor(1_000_000));
        for (var i = 0; i < 10; i++)
            rate.Add(tokens: 500, TimeSpan.FromSeconds(1));
        Assert.Equal(20, rate.TimeFor(10_000).TotalSeconds, 1e-6);

        for (var i = 0; i < 100; i++)
            rate.Add(tokens: 5000, TimeSpan.FromSeconds(1));
        Assert.Equal(2, rate.TimeFor(10_000).TotalSeconds, 0.01);
    }

    private static BatchingJudge Batching(ScriptedJudge inner, BatchLimits? limits = null) =>
        new(inner, _ => 10, limits ?? new BatchLimits(), _ => { }, TimeProvider.System);

    private static Task<JudgeOutcome[]> AskAsync(BatchingJudge judge, string id) =>
        judge.JudgeAsync(new JudgeRequest { Battles = [ScriptedJudge.Battle(id)] }, Cancellation);

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
            await Task.Delay(TimeSpan.FromMilliseconds(2), Cancellation);
    }
}
