using Tiebreak.App.Predicting;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Judging.Capabilities;
using Tiebreak.Testing;

namespace Tiebreak.App.Tests;

/// <summary>
/// What a token budget costs battles is counted without a second tokenisation, and without time that belongs to the judge.
/// </summary>
public sealed class TruncationTests
{
    private static readonly IReadOnlyList<Battle> Battles = SyntheticBattles.Create(10);

    [Fact]
    public async Task What_the_judge_has_read_is_not_counted_again_and_the_rest_is_counted_after_the_work()
    {
        await using var judge = new CountingJudge();
        var result = await WithAsync(judge, isTimed: false, asked: 7);

        Assert.Equal((10, 4), (result.Battles, result.Cut));
        Assert.Equal(
            "The judge reads 8 tokens: 4 of 10 battles were cut, 0 turns left out. Lost: response B 20.0 % in 4 battles.",
            result.Summary);
        Assert.Equal((7, 3), (judge.Read, judge.Counted));
    }

    [Fact]
    public async Task Where_time_is_short_nothing_but_what_was_read_is_counted()
    {
        await using var judge = new CountingJudge();
        var result = await WithAsync(judge, isTimed: true, asked: 7);

        Assert.Equal((7, 3), (result.Battles, result.Cut));
        Assert.Equal((7, 0), (judge.Read, judge.Counted));
    }

    [Fact]
    public void A_battle_with_A_and_B_exchanged_is_another_one()
    {
        var losses = new LossRecord(Battles);
        losses.Note(Battles[0].Swapped(), CountingJudge.Written(0));
        Assert.Equal(10, losses.Missing.Count);
        losses.Note(Battles[3], CountingJudge.Written(3));
        Assert.Equal(9, losses.Missing.Count);
    }

    private static async Task<Truncation> WithAsync(CountingJudge judge, bool isTimed, int asked)
    {
        var (result, truncation) = await Truncation.WithAsync(judge, Battles, isTimed, WorkAsync, TestContext.Current.CancellationToken);
        Assert.Equal("done", result);
        return truncation!;

        async Task<string> WorkAsync()
        {
            await judge.JudgeAsync([.. Battles.Take(asked)]);
            await judge.JudgeAsync([.. Battles.Take(asked).Select(battle => battle.Swapped())]);
            Assert.Equal(0, judge.Counted);
            return "done";
        }
    }

    /// <summary>Reads every third battle, from the first on, with a loss.</summary>
    private sealed class CountingJudge : IJudge, ITokenBudget
    {
        public JudgeTraits Traits => new() { TokenBudget = this };

        public int MaxTokens => 8;

        public LossRecord? Losses { get; set; }

        /// <summary>Battles of the file that it was asked about.</summary>
        public int Read { get; private set; }

        /// <summary>Battles that it read only to count.</summary>
        public int Counted { get; private set; }

        public Task<JudgeOutcome[]> JudgeAsync(JudgeRequest request, CancellationToken cancellationToken = default) => request.AnswerAsync(
            (battles, _) =>
            {
                Read += Note(battles, Losses!);
                return Task.FromResult(battles.Select(_ => JudgeOutcome.Of(Preference.Uniform)).ToArray());
            },
            isSymmetric: false);

        public Task MeasureLossesAsync(LossRecord losses, CancellationToken cancellationToken = default)
        {
            Counted += Note(losses.Missing, losses);
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        public static BattleTokens Written(int row) => new([4, 4, 4], [4, 4, row % 3 == 0 ? 2 : 4], 1, 1, Length: 2);

        private static int Note(IReadOnlyList<Battle> battles, LossRecord losses)
        {
            var count = 0;
            for (var row = 0; row < Battles.Count; row++)
            {
                if (battles.Contains(Battles[row], ReferenceEqualityComparer.Instance))
                {
                    losses.Note(Battles[row], Written(row));
                    count++;
                }
            }

            return count;
        }
    }
}
