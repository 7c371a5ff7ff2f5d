using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Testing;

namespace Tiebreak.Runs.Tests;

/// <summary>A prediction without a run survives what a run survives.</summary>
public sealed class DirectPredictionTests
{
    private static readonly Preference Prior = new(0.35, 0.33, 0.32);

    private static readonly IReadOnlyList<Battle> Battles = SyntheticBattles.Create(150, labelled: false);

    [Fact]
    public async Task A_battle_that_breaks_the_judge_gets_the_class_shares_and_is_listed()
    {
        var prediction = await PredictAsync(Breaking(7));

        var failed = Assert.Single(prediction.Failed);
        Assert.Equal((7, Battles[7].Id, "InvalidDataException: no such token"), (failed.Row, failed.Id, failed.Reason));
        Assert.Equal(Battles.Select((battle, row) => row == 7 ? Prior : TestJudge.Judge(battle)), prediction.Preferences);
        Assert.True(prediction.IsMostlyJudged);
    }

    [Fact]
    public async Task The_fallback_judge_stands_in_where_it_can()
    {
        var prediction = await PredictAsync(Breaking(7, 9));
        prediction = await prediction.WithFallbackAsync(Breaking(9), Battles, _ => { }, TestContext.Current.CancellationToken);

        Assert.Equal(TestJudge.Judge(Battles[7]), prediction.Preferences[7]);
        Assert.Equal(Prior, prediction.Preferences[9]);
        Assert.DoesNotContain("fallback", prediction.Failed[0].Reason, StringComparison.Ordinal);
        Assert.Contains("and the fallback judge: InvalidDataException", prediction.Failed[1].Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(30, true)]
    [InlineData(31, false)]
    public async Task More_than_a_fifth_of_failures_is_no_success(int failures, bool isMostlyJudged) =>
        Assert.Equal(isMostlyJudged, (await PredictAsync(Breaking([.. Enumerable.Range(1, failures)]))).IsMostlyJudged);

    [Theory]
    [InlineData(150, 5)]
    [InlineData(2, 3)]
    public async Task A_broken_judge_is_found_after_a_few_battles_and_throws_its_own_error(int battles, int calls)
    {
        var called = 0;
        var judge = new TestJudge
        {
            Before = _ =>
            {
                called++;
                throw new InputException("Give the states of the battles.");
            },
        };

        var error = await Assert.ThrowsAsync<InputException>(() => DirectPrediction.JudgeAsync(
            judge, [.. Battles.Take(battles)], Prior, _ => { }, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal("Give the states of the battles.", error.Message);
        Assert.Equal(calls, called);
    }

    private static Task<DirectPrediction> PredictAsync(IJudge judge) =>
        DirectPrediction.JudgeAsync(judge, Battles, Prior, _ => { }, cancellationToken: TestContext.Current.CancellationToken);

    private static TestJudge Breaking(params int[] rows)
    {
        var poison = rows.Select(row => Battles[row].Id).ToHashSet(StringComparer.Ordinal);
        return new TestJudge
        {
            Before = battles =>
            {
                if (battles.Any(battle => poison.Contains(battle.Id)))
                    throw new InvalidDataException("no such token");
            },
        };
    }
}
