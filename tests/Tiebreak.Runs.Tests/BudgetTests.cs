using System.Text;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Calibration;
using Tiebreak.Runs.Budgets;
using Tiebreak.Runs.Planning;
using Tiebreak.Runs.Results;
using Tiebreak.Testing;

namespace Tiebreak.Runs.Tests;

/// <summary>Nine hours in a moment: the judge advances the clock by as long as it would have worked.</summary>
public sealed class BudgetTests
{
    private const int Rows = 3000;
    private static readonly TimeSpan Budget = TimeSpan.FromHours(9);

    [Theory]
    [InlineData(32_400, 20.0, 1.0)] // nine hours: time for 0.54 of the first order
    [InlineData(32_400, 7.2, 1.0)] // for 1.5 orders
    [InlineData(32_400, 7.2, 2.0)] // and the machine has half its speed in the second half
    [InlineData(32_400, 7.2, 0.7)] // or more
    [InlineData(32_400, 5.7, 3.0)]
    [InlineData(32_400, 600.0, 1.0)] // for 54 battles
    [InlineData(600, 0.13, 2.0)] // ten minutes
    [InlineData(60, 0.03, 1.0)] // a minute
    [InlineData(60, 0.01, 2.0)]
    [InlineData(10, 0.002, 1.0)] // hardly any time at all
    public async Task Nine_tenths_of_the_budget_go_into_judging_and_it_ends_in_time(double seconds, double secondsPerRow, double slowDown)
    {
        var budget = TimeSpan.FromSeconds(seconds);
        using var fixture = new RunFixture(Rows);
        var (clock, storage) = (new SimulatedClock(), new MemoryStorage());
        var (begin, deadline) = (clock.GetUtcNow(), clock.GetUtcNow() + budget);
        await using var judge = new TimedJudge(clock, _ => secondsPerRow * (clock.GetUtcNow() >= begin + (budget / 2) ? slowDown : 1));
        var request = fixture.Request(new TestJudge().ForRun() with { OneOrder = judge }, SecondOrder.Uncertain) with
        {
            Clock = clock,
            Deadline = deadline,
            ShardSize = null,
        };

        var report = await RunFixture.RunAsync(request, storage);

        Assert.InRange(clock.GetUtcNow(), begin + (0.9 * budget), deadline);
        Assert.Equal(Rows, fixture.Submitted(storage).Count);
        var passes = report.OneOrder + (2 * report.BothOrders);
        var capacity = Math.Min(
            2 * Rows, ((budget / 2).TotalSeconds / secondsPerRow) + ((budget / 2).TotalSeconds / (secondsPerRow * slowDown)));
        Assert.InRange(passes, 0.9 * capacity, capacity);
        Assert.Equal(report.ClassShares == 0, passes >= Rows);
        Assert.False(report.IsComplete);
        TestContext.Current.TestOutputHelper!.WriteLine($"{passes} of {capacity:F0}: {passes / capacity:P1}");
    }

    [Fact]
    public async Task Time_that_is_too_short_for_a_shard_goes_to_a_part_of_one_and_resuming_does_the_whole()
    {
        using var fixture = new RunFixture(rows: 200);
        var (clock, storage) = (new SimulatedClock(), new MemoryStorage());
        await using var judge = new TimedJudge(clock, _ => 1);
        var request = fixture.Request(new TestJudge().ForRun() with { OneOrder = judge }, SecondOrder.Uncertain) with
        {
            Clock = clock,
            ShardSize = new ShardSize(1_000_000, 80),
        };

        var first = await RunFixture.RunAsync(request with { Deadline = clock.GetUtcNow() + TimeSpan.FromSeconds(150) }, storage);
        Assert.InRange(first.OneOrder, 135, 150);
        Assert.Contains(ShardMarker.Names(storage), Shard.IsPart);
        var second = await RunFixture.RunAsync(
            request with { Deadline = clock.GetUtcNow() + TimeSpan.FromSeconds(200), Resume = true }, storage);
        Assert.Equal(200, second.OneOrder + second.BothOrders);
        Assert.InRange(second.BothOrders, 108, 120);

        var judged = judge.Judged;
        var third = await RunFixture.RunAsync(request with { Resume = true }, storage);
        Assert.Equal((true, 200, 0), (third.IsComplete, third.BothOrders, third.Damaged));
        Assert.InRange(judge.Judged - judged, 200 - second.BothOrders, 400);
        Assert.DoesNotContain(ShardMarker.Names(storage), Shard.IsPart);

        var whole = new MemoryStorage();
        await RunFixture.RunAsync(request, whole);
        Assert.Equal(whole.Read(Path.GetFullPath(fixture.Submission)), storage.Read(Path.GetFullPath(fixture.Submission)));
    }

    [Fact]
    public async Task A_battle_that_takes_longer_than_the_budget_does_not_eat_it()
    {
        var endless = new Battle { Id = "long", Turns = [new Turn("Tell me everything.", new string('x', 400_000), "No.")] };
        using var fixture = new RunFixture([endless, .. SyntheticBattles.Create(2000, labelled: false)]);
        var (clock, storage, budget) = (new SimulatedClock(), new MemoryStorage(), TimeSpan.FromSeconds(100));
        var deadline = clock.GetUtcNow() + budget;
        await using var judge = new TimedJudge(clock, battle => battle.Turns[0].ResponseA?.Length > 100_000 ? 1_000 : 0.1, step: 0.1);

        var report = await RunFixture.RunAsync(
            fixture.Request(
                new TestJudge().ForRun() with { OneOrder = judge },
                SecondOrder.Uncertain) with
            { Clock = clock, Deadline = deadline, ShardSize = null },
            storage);

        Assert.True(clock.GetUtcNow() <= deadline);
        Assert.InRange(report.OneOrder, 800, 1000);
    }

    [Fact]
    public async Task The_fast_judge_is_done_in_a_moment_however_slow_the_other_one_is()
    {
        using var fixture = new RunFixture(Rows);
        var (clock, storage) = (new SimulatedClock(), new MemoryStorage());
        await using var judge = new TimedJudge(clock, _ => 600);
        var fallback = new TestJudge { Traits = new() { IsSymmetric = true } };
        var request = fixture.Request(new TestJudge().ForRun(fallback) with { OneOrder = judge }, SecondOrder.None) with
        {
            Clock = clock,
            Deadline = clock.GetUtcNow() + Budget,
            ShardSize = null,
        };

        var report = await RunFixture.RunAsync(request, storage);

        Assert.Equal((0, Rows), (report.ClassShares, report.Fallback + report.OneOrder));
        Assert.InRange(ShardMarker.Names(storage).Count(name => name.StartsWith("fallback", StringComparison.Ordinal)), 1, 3);
    }

    [Fact]
    public async Task The_least_certain_battles_get_the_second_order_and_labels_say_what_it_gained()
    {
        using var fixture = new RunFixture(Rows, labelled: true);
        var (clock, storage) = (new SimulatedClock(), new MemoryStorage());
        await using var judge = new TimedJudge(clock, _ => 7.2);
        var request = fixture.Request(new TestJudge().ForRun() with { OneOrder = judge }, SecondOrder.Uncertain) with
        {
            Clock = clock,
            Deadline = clock.GetUtcNow() + Budget,
            ShardSize = null,
        };

        var report = await RunFixture.RunAsync(request, storage);

        var sources = Encoding.UTF8.GetString(storage.Read("rows.csv")!).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Skip(1).Select(line => line.Split(',')[1]).ToList();
        var certainty = fixture.Data.Battles.Select((battle, row) =>
            (Entropy: Entropy(new Temperature(1.2).Apply(TestJudge.Judge(battle))), Source: sources[row])).ToList();
        var entropies = certainty.ToLookup(row => row.Source, row => row.Entropy, StringComparer.Ordinal);

        // The last minutes go to whatever shards still fit into them: one battle in fifty.
        var (both, one) = (entropies["both orders"].Order().ToList(), entropies["one order"].OrderDescending().ToList());
        Assert.True(both[both.Count / 50] >= one[one.Count / 50]);
        Assert.Equal(report.BothOrders, report.SwapGain!.Rows);
        Assert.True(report.SwapGain.BothOrders < report.SwapGain.OneOrder, $"{report.SwapGain}");
    }

    [Fact]
    public async Task Time_enough_finishes_everything_and_what_is_left_is_not_waited_for()
    {
        using var fixture = new RunFixture(rows: 300);
        var (clock, storage) = (new SimulatedClock(), new MemoryStorage());
        var begin = clock.GetUtcNow();
        await using var judge = new TimedJudge(clock, _ => 1);
        var report = await RunFixture.RunAsync(fixture.Request(
            new TestJudge().ForRun() with { OneOrder = judge }, SecondOrder.Uncertain) with
        {
            Clock = clock,
            Deadline = begin + Budget,
        }, storage);

        Assert.True(report.IsComplete);
        Assert.Equal(300, report.BothOrders);
        Assert.InRange(clock.GetUtcNow(), begin, begin + TimeSpan.FromSeconds(700));
    }

    [Fact]
    public async Task A_resumed_run_gets_a_budget_of_its_own_and_none_means_to_the_end()
    {
        using var fixture = new RunFixture(rows: 1000);
        var (clock, storage) = (new SimulatedClock(), new MemoryStorage());
        await using var judge = new TimedJudge(clock, _ => 60);
        var request = fixture.Request(new TestJudge().ForRun() with { OneOrder = judge }, SecondOrder.Uncertain) with { Clock = clock };
        var first = await RunFixture.RunAsync(request with { Deadline = clock.GetUtcNow() + Budget }, storage);
        var second = await RunFixture.RunAsync(request with { Deadline = clock.GetUtcNow() + Budget, Resume = true }, storage);
        var third = await RunFixture.RunAsync(request with { Resume = true }, storage);

        Assert.InRange(first.OneOrder, 486, 540);
        Assert.Equal(1000, second.OneOrder + second.BothOrders);
        Assert.InRange(second.BothOrders, 1, 80);
        Assert.Equal((true, 1000), (third.IsComplete, third.BothOrders));
    }

    [Theory]
    [InlineData("9h", 32_400)]
    [InlineData("1h30m", 5_400)]
    [InlineData("45s", 45)]
    [InlineData("0.5m", 30)]
    [InlineData("2d", 172_800)]
    public void Budgets_are_written_as_people_write_them(string text, double seconds) =>
        Assert.Equal(seconds, TimeBudget.ParseDuration(text).TotalSeconds);

    [Theory]
    [InlineData("")]
    [InlineData("9")]
    [InlineData("h")]
    [InlineData("0s")]
    [InlineData("30m1h")]
    [InlineData("-1h")]
    [InlineData("999999999999999d")]
    public void What_is_no_budget_is_refused(string text) => Assert.Throws<InputException>(() => TimeBudget.ParseDuration(text));

    [Fact]
    public void Until_is_the_next_time_that_the_clock_shows_it()
    {
        var now = new DateTimeOffset(2026, 11, 23, 17, 0, 0, TimeSpan.FromHours(2));
        Assert.Equal(now.AddMinutes(30), TimeBudget.ParseUntil("17:30", now));
        Assert.Equal(now.AddHours(23), TimeBudget.ParseUntil("16:00", now));
        Assert.Equal(now.AddDays(1), TimeBudget.ParseUntil("2026-11-24 17:00", now));
        Assert.Throws<InputException>(() => TimeBudget.ParseUntil("2026-11-22 17:00", now));
        Assert.Throws<InputException>(() => TimeBudget.ParseUntil("25:00", now));
    }

    private static double Entropy(Preference p) => -((p.A * Math.Log(p.A)) + (p.B * Math.Log(p.B)) + (p.Tie * Math.Log(p.Tie)));

    [Fact]
    public void Budgets_are_no_longer_than_timers_can_take()
    {
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var timer = new CancellationTokenSource(TimeBudget.ParseDuration("49d"));

        Assert.Equal(TimeSpan.FromDays(49), TimeBudget.ParseUntil("2026-02-19 00:00", now) - now);
        Assert.Throws<InputException>(() => TimeBudget.ParseDuration("50d"));
        Assert.Throws<InputException>(() => TimeBudget.ParseUntil("2026-02-19 00:01", now));
    }
}
