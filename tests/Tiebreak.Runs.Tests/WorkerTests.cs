using System.Collections.Concurrent;
using Tiebreak.Core;
using Tiebreak.Core.Judging;
using Tiebreak.Runs.Leases;
using Tiebreak.Runs.Planning;
using Tiebreak.Runs.Scoring;
using Tiebreak.Runs.Status;
using Tiebreak.Runs.Storage;

namespace Tiebreak.Runs.Tests;

/// <summary>Several workers on one run: what they share, and what happens when one of them cannot work.</summary>
public sealed class WorkerTests
{
    [Fact]
    public async Task A_run_of_several_workers_needs_somebody_who_starts_them()
    {
        using var fixture = new RunFixture();
        var request = fixture.Request(new TestJudge().ForRun()) with { Workers = 2 };

        var error = await Assert.ThrowsAsync<ArgumentException>(() => RunFixture.RunAsync(request));

        Assert.Contains(nameof(RunRequest.StartWorker), error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(fixture.Submission), "nothing is written before the request is known to be possible");
    }

    [Fact]
    public async Task A_worker_that_fails_says_why_and_does_not_fail_the_run()
    {
        using var fixture = new RunFixture();
        var said = new ConcurrentQueue<string>();
        var request = fixture.Request(new TestJudge().ForRun()) with
        {
            Workers = 2,
            StartWorker = (_, _) => throw new TiebreakException("dotnet could not be started"),
            Say = said.Enqueue,
        };

        Assert.True((await RunFixture.RunAsync(request)).IsComplete);
        Assert.Contains("dotnet could not be started", Assert.Single(said), StringComparison.Ordinal);
    }

    /// <summary>The shards of an interrupted run, some with both orders and some with none, are those of an undisturbed one.</summary>
    [Fact]
    public async Task A_judge_that_shares_work_between_orders_is_asked_for_both_at_once()
    {
        using var fixture = new RunFixture();
        var apart = new TestJudge();
        Assert.True((await RunFixture.RunAsync(fixture.Request(apart.ForRun()))).IsComplete);
        var expected = File.ReadAllBytes(fixture.Submission);

        var orders = new List<Orders>();
        var judge = new TestJudge { Traits = new() { SharesOrders = true }, Asked = orders.Add };
        var request = fixture.Request(judge.ForRun(), folder: "both");
        var report = await RunFixture.RunAsync(request);
        Assert.Equal((60, true), (report.BothOrders, report.IsComplete));
        Assert.Equal(expected, File.ReadAllBytes(fixture.Submission));
        Assert.Equal(9, orders.Count); // 60 battles, 7 a shard
        Assert.All(orders, asked => Assert.Equal(Orders.Both, asked));

        string[] lost = ["first-00002*", "first-00003*", "second-00003*"];
        foreach (var file in lost.SelectMany(name => Directory.GetFiles(fixture["both"], name, SearchOption.AllDirectories)))
            File.Delete(file);
        orders.Clear();
        Assert.True((await RunFixture.RunAsync(request with { Resume = true })).IsComplete);
        Assert.Equal([Orders.Both, Orders.Both], orders);
        Assert.Equal(expected, File.ReadAllBytes(fixture.Submission));
    }

    [Fact]
    public async Task With_a_budget_every_battle_is_judged_in_one_order_first()
    {
        using var fixture = new RunFixture();
        var orders = new List<Orders>();
        var judge = new TestJudge { Traits = new() { SharesOrders = true }, Asked = orders.Add };
        var request = fixture.Request(judge.ForRun()) with { Deadline = DateTimeOffset.UtcNow.AddHours(1) };

        Assert.True((await RunFixture.RunAsync(request)).IsComplete);

        Assert.Contains(Orders.Second, orders);
        Assert.DoesNotContain(Orders.Both, orders);
        Assert.True(orders.LastIndexOf(Orders.First) < orders.IndexOf(Orders.Second));
    }

    [Fact]
    public async Task Leases_that_cannot_be_written_are_reported_once_and_the_first_process_does_the_work_alone()
    {
        using var fixture = new RunFixture();
        BlockLeases(fixture);
        var judge = new TestJudge { Before = _ => Thread.Sleep(5) };
        var said = new ConcurrentQueue<string>();
        var request = fixture.Request(judge.ForRun()) with { Workers = 2, StartWorker = JoinAsync, Say = said.Enqueue };

        Assert.True((await RunFixture.RunAsync(request)).IsComplete);

        Assert.Equal(120, judge.Judged);
        Assert.Single(said, text => text.Contains("works without", StringComparison.Ordinal));

        async Task JoinAsync(int number, CancellationToken cancellationToken)
        {
            await Task.Yield();
            await ScoringRun.JoinAsync(
                fixture["run"], fixture.Data, fixture["battles.jsonl"], judge.ForRun(), null, said.Enqueue,
                cancellationToken: cancellationToken);
        }
    }

    [Fact]
    public async Task A_worker_that_joined_and_cannot_write_leases_takes_no_work_and_ends_with_the_reason()
    {
        using var fixture = new RunFixture();
        var storage = new MemoryStorage();
        var (opened, judge) = (await FinishAsync(fixture, storage), new TestJudge());
        foreach (var done in storage.List("done"))
            storage.Delete($"done/{done}");
        var worker = new RunWorker(
            Open(opened, new FaultyStorage(storage) { FullFor = 1..int.MaxValue }, judge.ForRun()),
            LeaseOwner.OfThisProcess(),
            progress: null,
            isFirst: false);

        var error = await Assert.ThrowsAsync<TiebreakException>(() => worker.WorkAsync(TestContext.Current.CancellationToken));

        Assert.Contains("leases/first-00000.json", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, judge.Judged);
    }

    [Fact]
    public void A_lease_that_somebody_holds_is_theirs_also_where_none_can_be_written()
    {
        var storage = new MemoryStorage();
        Assert.True(Book(storage).TryTake("first-00000"));
        Assert.False(Book(new FaultyStorage(storage) { FullFor = 1..int.MaxValue }).TryTake("first-00000"));

        static LeaseBook Book(IRunStorage storage) =>
            new(storage, LeaseOwner.OfThisProcess(), new LeaseTimes(), TimeProvider.System, _ => false);
    }

    [Fact]
    public async Task Threads_that_ask_for_the_shards_of_a_pass_at_once_get_the_same_ones()
    {
        using var fixture = new RunFixture();
        var storage = new MemoryStorage();
        var opened = await FinishAsync(fixture, storage);
        using var barrier = new Barrier(participantCount: 2);
        var run = Open(opened, new MeetingStorage(storage, barrier), opened.Judge);
        var shards = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(
            () => run.Of(RunPass.Second), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        Assert.Same(shards[0], shards[1]);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{\"stop\":1}")]
    public async Task A_damaged_stop_time_is_said_in_a_sentence(string content)
    {
        using var fixture = new RunFixture();
        await RunFixture.RunAsync(fixture.Request(new TestJudge().ForRun()));
        await File.WriteAllTextAsync(Path.Combine(fixture["run"], "stop.json"), content, TestContext.Current.CancellationToken);

        var ofStatus = Assert.Throws<InputException>(() => RunStatus.Read(fixture["run"]));
        var ofWorker = await Assert.ThrowsAsync<InputException>(() => ScoringRun.JoinAsync(
            fixture["run"], fixture.Data, fixture["battles.jsonl"], new TestJudge().ForRun(), null, _ => { }));

        Assert.Contains("stop.json in the run's folder is damaged", ofStatus.Message, StringComparison.Ordinal);
        Assert.Equal(ofStatus.Message, ofWorker.Message);
        Assert.True((await RunFixture.RunAsync(fixture.Request(new TestJudge().ForRun()) with { Resume = true })).IsComplete);
    }

    private static async Task<RunContext> FinishAsync(RunFixture fixture, IRunStorage storage)
    {
        RunContext? opened = null;
        await ScoringRun.RunAsync(
            fixture.Request(new TestJudge().ForRun(), SecondOrder.Uncertain),
            storage,
            LeaseOwner.OfThisProcess(),
            context => opened = context,
            TestContext.Current.CancellationToken);
        return opened!;
    }

    private static RunContext Open(RunContext run, IRunStorage storage, RunJudge judge) => new()
    {
        Storage = storage,
        Manifest = run.Manifest,
        Battles = run.Battles,
        Tokens = run.Tokens,
        Judge = judge,
        StoragePause = TimeSpan.Zero,
    };

    // A file where the folder of the leases should be: no lease can be written, read or listed.
    private static void BlockLeases(RunFixture fixture)
    {
        Directory.CreateDirectory(fixture["run"]);
        File.WriteAllText(Path.Combine(fixture["run"], "leases"), "in the way");
    }

    /// <summary>Two readers of the second order's plan wait a moment for each other, so that both are in the middle of it.</summary>
    private sealed class MeetingStorage(IRunStorage inner, Barrier barrier) : IRunStorage
    {
        private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(200);

        public byte[]? Read(string name)
        {
            if (string.Equals(name, RunContext.SecondFile, StringComparison.Ordinal))
                barrier.SignalAndWait(Longest);
            return inner.Read(name);
        }

        public void Replace(string name, Action<Stream> write) => inner.Replace(name, write);

        public bool TryPublish(string name, byte[] content) => inner.TryPublish(name, content);

        public bool TryRename(string from, string to) => inner.TryRename(from, to);

        public void Delete(string name) => inner.Delete(name);

        public void DeleteLeftOvers(string name) => inner.DeleteLeftOvers(name);

        public IReadOnlyList<string> List(string folder) => inner.List(folder);
    }
}
