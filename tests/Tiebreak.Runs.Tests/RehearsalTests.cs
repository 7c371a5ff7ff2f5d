using Tiebreak.Core.Battles;
using Tiebreak.Runs.Rehearsals;
using Tiebreak.Runs.Storage;
using Tiebreak.Testing;

namespace Tiebreak.Runs.Tests;

/// <summary>What a rehearsal says about the time of the real test.</summary>
public sealed class RehearsalTests
{
    [Theory]
    [InlineData(300)]
    [InlineData(3000)]
    public async Task The_forecast_is_near_although_the_rehearsal_has_more_of_the_nastiest(int rows)
    {
        // One battle in a hundred is fifty times as long; the judge takes longer for it, but reads no further than 8,000 characters.
        var source = SyntheticBattles.Create(4000, labelled: false)
            .Select((battle, i) => i % 100 == 0
                ? battle with { Turns = [new Turn("Go on.", string.Concat(Enumerable.Repeat("word ", 1000 + (7 * i))), "No.")] }
                : battle).ToList();
        var rehearsal = RehearsalBattles.Draw(source, rows, seed: 1);
        using var fixture = new RunFixture(rehearsal.Battles);
        var clock = new SimulatedClock();
        await using var judge = new TimedJudge(clock, Seconds, step: 1_000);
        await RunFixture.RunAsync(
            fixture.Request(
                new TestJudge().ForRun() with { OneOrder = judge }, SecondOrder.None) with
            { Clock = clock, ShardSize = new(20_000, 200) },
            new DiskStorage(fixture["run"]));

        var forecast = TimeForecast.OfOneOrder(fixture["run"], rehearsal.Battles, source, rows: 25_000)!.Value;

        var real = source.Sum(Seconds) / source.Count * 25_000;
        Assert.InRange(forecast / real, 0.9, 1.1);
        Assert.True(rehearsal.Battles.Sum(Seconds) / rows * 25_000 > 1.1 * real, "without weighing, the forecast would be too high");
    }

    private static double Seconds(Battle battle) => 0.05 + (0.001 * Math.Min(
        8000, battle.Turns.Sum(turn => (turn.Prompt?.Length ?? 0) + (turn.ResponseA?.Length ?? 0) + (turn.ResponseB?.Length ?? 0))));
}
