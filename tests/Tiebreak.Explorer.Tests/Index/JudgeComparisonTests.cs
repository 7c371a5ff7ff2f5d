using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Judging.Capabilities;
using Tiebreak.Core.Metrics;
using Tiebreak.Data.Facts;
using Tiebreak.Explorer.Index;
using Tiebreak.Testing;

namespace Tiebreak.Explorer.Tests.Index;

public sealed class JudgeComparisonTests
{
    [Fact]
    public async Task Losses_are_compared_on_the_battles_that_both_have_judged()
    {
        using var folder = new TemporaryFolder();
        var battles = OddBattles.Create(300);
        await using var index = await OddBattles.IndexAsync(folder, battles);
        await index.ScoreAsync("length", "key", new LengthJudge(), TestContext.Current.CancellationToken);
        await index.ScoreAsync("constant", "key", new ConstantJudge(), TestContext.Current.CancellationToken);

        var facts = BattleFacts.Of(battles, threads: 2);
        var rows = battles.Zip(facts).Where(row => row.First.Verdict is not null && LengthJudge.Prefer(row.First) is not null).Select(row => (
            row.Second.PromptKey, row.Second.Language, One: LossOf(LengthJudge.Prefer(row.First)!.Value, row.First),
            Other: LossOf(ConstantJudge.Always, row.First))).ToList();
        var compared = index.Compare("length", "constant", BattleFilter.Everything);
        Assert.Equal(rows.Count, compared.All.Battles);
        Assert.Equal(rows.Average(row => row.One), compared.All.One, 12);
        Assert.Equal(rows.Average(row => row.Other), compared.All.Other, 12);
        var mean = compared.All.Difference;
        var expected = Math.Sqrt(rows.GroupBy(row => row.PromptKey)
            .Sum(prompt => Math.Pow(prompt.Sum(row => row.One - row.Other - mean), 2))) / rows.Count;
        Assert.Equal(expected, compared.All.Error, 10);

        var klingon = compared.Parts.Single(part => part is { By: "language", Name: "Klingon" }).Losses;
        Assert.Equal(rows.Count(row => row.Language is "Klingon"), klingon.Battles);
        var filtered = index.Compare("length", "constant", BattleFilter.Parse([KeyValuePair.Create("language", "Klingon")])).All;
        Assert.Equal(
            (klingon.Battles, klingon.OnlyOneRight, klingon.OnlyOtherRight, klingon.BothRight),
            (filtered.Battles, filtered.OnlyOneRight, filtered.OnlyOtherRight, filtered.BothRight));
        Assert.Equal(klingon.One, filtered.One, 12);
        Assert.Equal(klingon.Error, filtered.Error, 12); // sums depend on the order in which threads come to them
    }

    [Fact]
    public async Task Battles_on_which_judges_part_come_first()
    {
        using var folder = new TemporaryFolder();
        var battles = OddBattles.Create(100);
        await using var index = await OddBattles.IndexAsync(folder, battles);
        await index.ScoreAsync("length", "key", new LengthJudge(), TestContext.Current.CancellationToken);
        await index.ScoreAsync("constant", "key", new ConstantJudge(), TestContext.Current.CancellationToken);
        var parting = index.Parting("length", "constant", BattleFilter.Everything, most: 20);
        Assert.Equal(
            battles.Index().Where(row => LengthJudge.Prefer(row.Item) is not null)
                .OrderByDescending(row => Distance(LengthJudge.Prefer(row.Item)!.Value, ConstantJudge.Always)).Take(20)
                .Select(row => row.Index + 1),
            parting.Select(row => row.Line.Number));
        Assert.All(parting, row => Assert.Equal(ConstantJudge.Always, row.Other));
    }

    private static double LossOf(Preference preference, Battle battle) =>
        LogLoss.Of(preference, Preference.Certain(battle.Verdict!.Value.ToOutcome()));

    private static double Distance(Preference one, Preference other) =>
        Math.Abs(one.A - other.A) + Math.Abs(one.B - other.B) + Math.Abs(one.Tie - other.Tie);

    private sealed class ConstantJudge : IJudge
    {
        public static Preference Always { get; } = new(0.3, 0.3, 0.4);

        public JudgeTraits Traits { get; } = new();

        public Task<JudgeOutcome[]> JudgeAsync(JudgeRequest request, CancellationToken cancellationToken = default) =>
            Task.FromResult(request.Battles.Select(_ => JudgeOutcome.Of(Always)).ToArray());

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
