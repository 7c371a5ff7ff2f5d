using Tiebreak.Core.Battles;
using Tiebreak.Core.Calibration;
using Tiebreak.Core.Judging;
using Tiebreak.Testing;

namespace Tiebreak.Core.Tests.Judging;

public sealed class CombinatorTests
{
    private static readonly IReadOnlyList<Battle> Battles = SyntheticBattles.Create(50);

    [Fact]
    public async Task Swap_averaging_makes_any_judge_symmetric()
    {
        await using var judge = new SwapAveragedJudge(new FirstSideJudge());
        var original = await judge.JudgeAsync(Battles);
        var swapped = await judge.JudgeAsync([.. Battles.Select(battle => battle.Swapped())]);

        Assert.True(judge.Traits.IsSymmetric);
        Assert.All(original.Zip(swapped), pair => Assert.Equal(pair.First, pair.Second.Swapped()));
        Assert.All(original, preference => Assert.True(preference.IsValid));
    }

    [Fact]
    public async Task Swap_averaging_reports_progress_once_over_both_orders()
    {
        await using var judge = new SwapAveragedJudge(new FirstSideJudge());
        var reports = new List<int>();
        await judge.JudgeAsync(Battles, new Collector(reports));
        Assert.Equal([25, 50], reports);
    }

    [Fact]
    public async Task A_blend_is_the_weighted_mean_and_disposes_its_members()
    {
        var member = new FirstSideJudge();
        var blend = new BlendedJudge([(member, 3), (new PriorJudge(Preference.Uniform), 1)]);
        var alone = await member.JudgeAsync(Battles);
        var blended = await blend.JudgeAsync(Battles);

        for (var i = 0; i < Battles.Count; i++)
            Assert.Equal((0.75 * alone[i].A) + (0.25 / 3), blended[i].A, 12);
        await blend.DisposeAsync();
        Assert.True(member.IsDisposed);
    }

    [Fact]
    public void A_blend_without_weight_is_refused() =>
        Assert.Throws<ArgumentException>(() => new BlendedJudge([(new FirstSideJudge(), 0)]));

    [Fact]
    public async Task A_temperature_of_one_changes_nothing()
    {
        await using var judge = new FirstSideJudge();
        await using var scaled = new CalibratedJudge(judge, [Temperature.One]);
        Assert.Equal(await judge.JudgeAsync(Battles), await scaled.JudgeAsync(Battles));
    }

    [Fact]
    public void Priors_are_smoothed_class_shares() =>
        Assert.Equal(
            new Preference(3.0 / 6, 1.0 / 6, 2.0 / 6),
            PriorJudge.SharesOf([Preference.Certain(Outcome.A), Preference.Certain(Outcome.A), Preference.Certain(Outcome.Tie)]));

    private sealed class Collector(List<int> reports) : IProgress<int>
    {
        public void Report(int value) => reports.Add(value);
    }
}
