using CsCheck;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Data.Splitting;
using Tiebreak.Testing;
using static Tiebreak.Data.Tests.BattleGen;

namespace Tiebreak.Data.Tests.Splitting;

public sealed class BattleSplitterTests
{
    [Fact]
    public void No_prompt_stands_in_two_parts_and_no_battle_is_lost() => Sets.Sample(battles =>
    {
        var prompts = battles.Select(PromptGroup.KeyOf).Distinct().Count();
        var splits = new List<BattleSplit> { BattleSplitter.ByModel(battles, 0.3), BattleSplitter.ByTime(battles, 0.3) };
        if (prompts >= 2)
            splits.Add(BattleSplitter.ByPrompt(battles, [0.7, 0.3]));
        foreach (var split in splits)
        {
            var owners = split.Parts.SelectMany((part, i) => part.Select(battle => (Key: PromptGroup.KeyOf(battle), Part: i))).Distinct();
            Assert.All(owners.GroupBy(owner => owner.Key), group => Assert.Single(group));
            Assert.Equal(battles.Ids().Order(), split.Parts.SelectMany(part => part).Concat(split.SetAside).Ids().Order());
            Assert.All(split.Parts, part => Assert.Equal(part.Ids().OrderBy(int.Parse), part.Ids()));
        }
    });

    [Fact]
    public void Fractions_and_outcomes_are_met()
    {
        var battles = SyntheticBattles.Create(2000);
        var split = BattleSplitter.ByPrompt(battles, [8, 1, 1], seed: 3);

        Assert.Equal([1600, 200, 200], split.Parts.Select(part => part.Count));
        foreach (var verdict in (Verdict[])[Verdict.A, Verdict.B, Verdict.Tie])
        {
            var expected = battles.Count(battle => battle.Verdict == verdict) / 2000.0;
            Assert.All(
                split.Parts,
                part => Assert.Equal(expected, part.Count(battle => battle.Verdict == verdict) / (double)part.Count, tolerance: 0.01));
        }
    }

    [Fact]
    public void A_seed_gives_the_same_parts_and_another_seed_others()
    {
        var battles = SyntheticBattles.Create(100);
        var first = BattleSplitter.ByPrompt(battles, [0.5, 0.5], seed: 1).Parts[0].Ids();
        Assert.Equal(first, BattleSplitter.ByPrompt(battles, [0.5, 0.5], seed: 1).Parts[0].Ids());
        Assert.NotEqual(first, BattleSplitter.ByPrompt(battles, [0.5, 0.5], seed: 2).Parts[0].Ids());
    }

    [Fact]
    public void Held_out_models_are_in_no_training_battle() => Sets.Sample(battles =>
    {
        var model = battles[0].ModelA!;
        var split = BattleSplitter.ByModel(battles, [model]);
        Assert.DoesNotContain(split.Parts[0], battle => TakesPart(model, battle));
        Assert.All(split.Parts[1], battle => Assert.True(TakesPart(model, battle)));
    });

    [Fact]
    public void Training_ends_before_the_test_begins() => Sets.Sample(battles =>
    {
        var split = BattleSplitter.ByTime(battles, 0.4);
        var begin = split.Parts[1].Min(battle => battle.Timestamp);
        Assert.All(split.Parts[0].Concat(split.SetAside), battle => Assert.True(battle.Timestamp < begin));
    });

    [Fact]
    public void Splits_that_cannot_be_made_are_refused()
    {
        Battle[] one = [Battle("1", "p", "a", "b")];
        Assert.Contains("different prompts", Assert.Throws<InputException>(() => BattleSplitter.ByPrompt(one, [0.5, 0.5])).Message);
        Assert.Contains("positive", Assert.Throws<InputException>(() => BattleSplitter.ByPrompt(one, [1, -1])).Message);
        Assert.Contains("no battle", Assert.Throws<InputException>(() => BattleSplitter.ByModel(one, ["gpt-4"])).Message);
        Assert.Contains("no time", Assert.Throws<InputException>(() => BattleSplitter.ByTime(one, 0.5)).Message);
        Assert.Contains("between 0 and 1", Assert.Throws<InputException>(() => BattleSplitter.ByTime(one, 1.5)).Message);
    }

    private static bool TakesPart(string model, Battle battle) =>
        new[] { battle.ModelA, battle.ModelB }.Contains(model, StringComparer.Ordinal);
}
