using Tiebreak.Core.Battles;
using Tiebreak.Core.Calibration;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Judging.Capabilities;
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
    public void Decorators_hand_on_what_the_judge_can_do()
    {
        var inner = new FirstSideJudge { Traits = new() { EstimatesAcceptability = true, Explainer = new NoReasons() } };
        var judge = new CalibratedJudge(new SwapAveragedJudge(inner), [Temperature.One]);
        Assert.Equal(inner.Traits with { IsSymmetric = true }, judge.Traits);
    }

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

    private sealed class NoReasons : IBattleExplainer
    {
        public Task<IReadOnlyList<Reason>> ExplainAsync(Battle battle, CancellationToken cancellationToken = default) =>
            Task.FromResult<IReadOnlyList<Reason>>([]);
    }

    private sealed class Collector(List<int> reports) : IProgress<int>
    {
        public void Report(int value) => reports.Add(value);
    }
}
