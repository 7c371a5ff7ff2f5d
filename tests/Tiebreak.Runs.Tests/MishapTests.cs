using System.Globalization;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Calibration;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Judging.Capabilities;
using Tiebreak.Data.Submissions;
using Tiebreak.Runs.Leases;
using Tiebreak.Runs.Storage;

namespace Tiebreak.Runs.Tests;

/// <summary>What breaks while a run goes on: battles, memory, disks, files, other workers.</summary>
public sealed class MishapTests
{
    [Fact]
    public async Task A_battle_that_breaks_the_judge_gets_the_class_shares_and_is_listed()
    {
        using var fixture = new RunFixture();
        var poison = fixture.Data.Battles[17].Id;
        var judge = new TestJudge
        {
            Before = battles => Throw.If(
                battles.Any(battle => string.Equals(battle.Id, poison, StringComparison.Ordinal)),
                new InvalidDataException("no such token")),
        };

        var report = await RunFixture.RunAsync(fixture.Request(judge.ForRun()));

        var failed = Assert.Single(report.Failed);
        Assert.Equal((17, poison), (failed.Row, failed.Id));
        Assert.Contains("no such token", failed.Reason, StringComparison.Ordinal);
        Assert.Equal((59, 1), (report.BothOrders, report.ClassShares));
        var rows = SubmissionFile.Read(fixture.Submission);
        Assert.Equal(judge.ForRun().Prior, rows[17].Preference);
        Assert.Equal(Expected(judge, fixture.Data.Battles[16]), rows[16].Preference);
        var told = await File.ReadAllLinesAsync(Path.Combine(fixture["run"], "rows.csv"));
        Assert.Contains(
            told, line => line.StartsWith($"{poison},class shares,InvalidDataException: no such token,", StringComparison.Ordinal));
        Assert.Equal(
            rows.Select(row => string.Create(
                CultureInfo.InvariantCulture, $"{row.Preference.A:R},{row.Preference.B:R},{row.Preference.Tie:R}")),
            told.Skip(1).Select(line => string.Join(',', line.Split(',')[^3..])));
    }

    [Fact]
    public async Task The_fallback_judge_stands_in_for_a_battle_that_breaks_the_judge()
    {
        using var fixture = new RunFixture();
        var poison = fixture.Data.Battles[3].Id;
        var judge = new TestJudge
        {
            Before = battles => Throw.If(
                battles.Any(battle => string.Equals(battle.Id, poison, StringComparison.Ordinal)),
                new InvalidDataException("no such token")),
        };

        var report = await RunFixture.RunAsync(fixture.Request(judge.ForRun(new TestJudge { Traits = new() { IsSymmetric = true } })));

        Assert.Equal((59, 1, 0), (report.BothOrders, report.Fallback, report.ClassShares));
        Assert.Equal(TestJudge.Judge(fixture.Data.Battles[3]), SubmissionFile.Read(fixture.Submission)[3].Preference);
    }

    [Fact]
    public async Task Probabilities_that_are_none_count_as_a_failure()
    {
        using var fixture = new RunFixture(rows: 9);
        await using var judge = new NaNJudge(fixture.Data.Battles[4].Id);
        var report = await RunFixture.RunAsync(fixture.Request(new TestJudge().ForRun() with { OneOrder = judge }, SecondOrder.None));

        Assert.Contains("no probabilities", Assert.Single(report.Failed).Reason, StringComparison.Ordinal);
        Assert.Equal((8, 1), (report.OneOrder, report.ClassShares));
    }

    [Fact]
    public async Task A_broken_judge_stops_the_run_and_a_mended_one_finishes_it()
    {
        using var fixture = new RunFixture();
        var broken = new TestJudge { Before = _ => throw new InvalidDataException("the library is gone") };

        var error = await Assert.ThrowsAsync<TiebreakException>(() => RunFixture.RunAsync(fixture.Request(broken.ForRun())));
        Assert.Contains("the judge that is broken", error.Message, StringComparison.Ordinal);
        Assert.Equal(60, SubmissionFile.Read(fixture.Submission).Count);

        Assert.True((await RunFixture.RunAsync(fixture.Request(new TestJudge().ForRun()) with { Resume = true })).IsComplete);
    }

    [Fact]
    public async Task Too_little_memory_halves_the_batches_until_they_fit()
    {
        using var fixture = new RunFixture();
        var (said, largest) = (new List<string>(), 0);
        var judge = new TestJudge
        {
            Before = battles =>
            {
                Throw.If(
                    battles.Count > 3,
                    battles.Count > 5 ? new InsufficientMemoryException() : new DeviceMemoryException("The card has 16 GB."));
                largest = Math.Max(largest, battles.Count);
            },
        };

        var report = await RunFixture.RunAsync(fixture.Request(judge.ForRun()) with { Say = said.Add });

        Assert.Equal((60, 0), (report.BothOrders, report.Failed.Count));
        Assert.Equal(3, largest);
        Assert.Equal(2, said.Count(text => text.Contains("did not fit into memory", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_disk_that_is_full_for_a_moment_is_waited_for()
    {
        using var fixture = new RunFixture();
        var said = new List<string>();
        var storage = new FaultyStorage(new DiskStorage(fixture["run"])) { FullFor = 10..14 };

        var report = await RunFixture.RunAsync(fixture.Request(new TestJudge().ForRun()) with { Say = said.Add }, storage);

        Assert.True(report.IsComplete);
        Assert.Contains(said, text => text.Contains("disk is full", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_disk_that_stays_full_ends_the_run_and_the_submission_is_valid()
    {
        using var fixture = new RunFixture();
        var storage = new FaultyStorage(new DiskStorage(fixture["run"])) { FullFor = 20..int.MaxValue };

        var error = await Assert.ThrowsAsync<TiebreakException>(() =>
            RunFixture.RunAsync(fixture.Request(new TestJudge().ForRun()), storage));

        Assert.Contains("disk is full", error.Message, StringComparison.Ordinal);
        Assert.Equal(60, SubmissionFile.Read(fixture.Submission).Count);
        Assert.True((await RunFixture.RunAsync(fixture.Request(new TestJudge().ForRun()) with { Resume = true })).IsComplete);
    }

    [Fact]
    public async Task A_damaged_result_is_done_again()
    {
        using var fixture = new RunFixture();
        await RunFixture.RunAsync(fixture.Request(new TestJudge().ForRun()));
        var whole = await File.ReadAllBytesAsync(fixture.Submission);
        var result = Path.Combine(fixture["run"], "results", "first-00002.jsonl");
        var text = await File.ReadAllTextAsync(result);
        await File.WriteAllTextAsync(result, text.Replace("0.3", "0.4", StringComparison.Ordinal));
        File.Delete(Path.Combine(fixture["run"], "results", "second-00001.jsonl"));

        var judge = new TestJudge();
        var report = await RunFixture.RunAsync(fixture.Request(judge.ForRun()) with { Resume = true });

        Assert.Equal((2, 14), (report.Damaged, judge.Judged));
        Assert.Equal(whole, await File.ReadAllBytesAsync(fixture.Submission));
    }

    [Fact]
    public async Task Two_workers_share_the_work()
    {
        using var fixture = new RunFixture();
        var storage = new DiskStorage(fixture["run"]);
        var slow = new TestJudge { Before = _ => Thread.Sleep(5) };
        var tasks = new List<Task<bool>>();
        var request = fixture.Request(slow.ForRun()) with { Workers = 2, StartWorker = JoinAsync };

        var report = await RunFixture.RunAsync(request, storage);

        Assert.True(report.IsComplete);
        Assert.Equal(120, slow.Judged);
        Assert.All(
            fixture.Data.Battles.Zip(SubmissionFile.Read(fixture.Submission)),
            row => Assert.Equal(Expected(slow, row.First), row.Second.Preference));

        async Task JoinAsync(int number, CancellationToken cancellationToken)
        {
            Assert.Equal(1, number);
            await Task.Yield();
            await ScoringRun.JoinAsync(
                fixture["run"], fixture.Data, fixture["battles.jsonl"], slow.ForRun(), null, _ => { }, cancellationToken: cancellationToken);
        }
    }

    [Fact]
    public void Of_many_who_publish_a_file_at_once_exactly_one_succeeds()
    {
        using var fixture = new RunFixture(rows: 1);
        var storage = new DiskStorage(fixture["run"]);
        for (var round = 0; round < 50; round++)
        {
            var name = $"leases/{round}.json";
            var winners = 0;
            Parallel.For(0, 8, i =>
            {
                if (storage.TryPublish(name, [(byte)i]))
                    Interlocked.Increment(ref winners);
            });

            Assert.Equal(1, winners);
        }

        Assert.Equal(50, Directory.GetFiles(fixture["run"], "*", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public void A_lease_is_held_by_one_and_lost_with_its_owner()
    {
        var (storage, clock, dead) = (new MemoryStorage(), new SimulatedClock(), new HashSet<string>(StringComparer.Ordinal));
        var (one, other) = (LeaseOwner.OfThisProcess(), LeaseOwner.OfThisProcess());
        var (first, second) = (Book(one), Book(other));

        Assert.True(first.TryTake("first-00000"));
        Assert.False(second.TryTake("first-00000"));
        clock.Advance(TimeSpan.FromSeconds(50));
        first.Renew("first-00000");
        Assert.False(second.TryTake("first-00000"));
        clock.Advance(TimeSpan.FromSeconds(59));
        Assert.False(second.TryTake("first-00000"));
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.True(second.TryTake("first-00000"));

        // The first owner was only slow. It must not take back what it has lost.
        first.Renew("first-00000");
        first.Release("first-00000");
        Assert.Equal(other, Assert.Single(LeaseBook.All(storage)).Owner);

        dead.Add(other.Id);
        Assert.True(first.TryTake("first-00000"));
        first.Release("first-00000");
        Assert.Empty(LeaseBook.All(storage));

        LeaseBook Book(LeaseOwner owner) => new(storage, owner, new LeaseTimes(), clock, lost => dead.Contains(lost.Id));
    }

    [Fact]
    public void A_lease_cut_off_by_a_power_failure_holds_nobody_up()
    {
        var storage = new MemoryStorage();
        storage.Replace(LeaseBook.FileOf("first-00000"), stream => stream.Write("{\"shard\":"u8));
        Assert.True(new LeaseBook(storage, LeaseOwner.OfThisProcess(), new LeaseTimes(), TimeProvider.System, _ => false)
            .TryTake("first-00000"));
    }

    [Fact]
    public void A_process_that_lives_is_not_gone_and_one_that_ended_is()
    {
        var me = LeaseOwner.OfThisProcess();
        Assert.False(me.IsGone());
        Assert.True((me with { Started = me.Started - 60 }).IsGone());
        Assert.False((me with { Session = "another machine", Process = int.MaxValue }).IsGone());
        Assert.True((me with { Process = int.MaxValue }).IsGone());
    }

    [Theory]
    [InlineData("judge", "the judge was /judge")]
    [InlineData("swap", "the swap setting")]
    [InlineData("data", "the data was")]
    [InlineData("fallback", "the fallback judge was none")]
    [InlineData("nothing", "has a run already")]
    public async Task A_run_is_not_resumed_with_something_else(string changed, string said)
    {
        using var fixture = new RunFixture();
        using var other = new RunFixture(rows: 61);
        await RunFixture.RunAsync(fixture.Request(new TestJudge().ForRun()));
        var same = fixture.Request(new TestJudge().ForRun()) with { Resume = true };
        var request = changed switch
        {
            "judge" => same with { Judge = same.Judge with { Sha256 = "other" } },
            "fallback" => same with { Judge = new TestJudge().ForRun(new TestJudge()) },
            "swap" => same with { SecondOrder = SecondOrder.None },
            "data" => same with { Data = other.Data },
            _ => same with { Resume = false },
        };

        var before = await File.ReadAllBytesAsync(fixture.Submission);
        var error = await Assert.ThrowsAsync<InputException>(() => RunFixture.RunAsync(request));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(fixture.Submission));
    }

    private static Preference Expected(TestJudge judge, Battle battle) => new Temperature(1.2).Apply(
        SwapAveragedJudge.Mean(TestJudge.Judge(battle), TestJudge.Judge(battle.Swapped()).Swapped()));

    private static class Throw
    {
        public static void If(bool condition, Exception exception)
        {
            if (condition)
                throw exception;
        }
    }

    private sealed class NaNJudge(string id) : IJudge
    {
        public JudgeTraits Traits { get; } = new();

        public Task<JudgeOutcome[]> JudgeAsync(JudgeRequest request, CancellationToken cancellationToken = default) =>
            Task.FromResult(Array.ConvertAll([.. request.Battles], battle => JudgeOutcome.Of(
                string.Equals(battle.Id, id, StringComparison.Ordinal) ? new Preference(double.NaN, 0.5, 0.5) : Preference.Uniform)));

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
