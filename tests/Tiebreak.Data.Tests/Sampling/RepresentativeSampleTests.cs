using CsCheck;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Data.Sampling;
using Tiebreak.Testing;
using static Tiebreak.Data.Tests.BattleGen;

namespace Tiebreak.Data.Tests.Sampling;

public sealed class RepresentativeSampleTests
{
    [Fact]
    public void A_sample_has_the_size_that_was_asked_for_and_the_order_of_the_set() => Gen.Select(Sets, Gen.Int[1, 50])
        .Sample((battles, count) =>
        {
            var sample = RepresentativeSample.Draw(battles, count);
            Assert.Equal(Math.Min(count, battles.Length), sample.Battles.Count);
            Assert.Equal(sample.Battles.Ids().OrderBy(int.Parse), sample.Battles.Ids());
            Assert.Equal(sample.Battles.Count, sample.Battles.Ids().Distinct().Count());
        });

    [Fact]
    public void Prompts_stay_whole_or_give_one_battle() => Gen.Select(Sets, Gen.Int[1, 20]).Sample((battles, count) =>
    {
        var together = RepresentativeSample.Draw(battles, count, SamplePrompts.Together).Battles;
        var sizes = battles.CountBy(PromptGroup.KeyOf).ToDictionary();
        Assert.All(together.CountBy(PromptGroup.KeyOf), group => Assert.Equal(sizes[group.Key], group.Value));

        var prompts = battles.Select(PromptGroup.KeyOf).Distinct().Count();
        if (count > prompts)
            return;
        var each = RepresentativeSample.Draw(battles, count, SamplePrompts.OneEach).Battles;
        Assert.Equal(count, each.Count);
        Assert.Equal(count, each.Select(PromptGroup.KeyOf).Distinct().Count());
    });

    [Fact]
    public void Each_group_gives_what_was_asked_of_it()
    {
        var battles = SyntheticBattles.Create(90);
        int[] groups = [.. battles.Select((_, i) => i % 3)];
        var sample = RepresentativeSample.DrawFromGroups(battles, groups, [10, 0, 100], seed: 2, threads: 2);
        int[] drawn = [.. sample.Battles.Select(battle => groups[battles.ToList().IndexOf(battle)])];
        Assert.Equal((10, 0, 30), (drawn.Count(group => group == 0), drawn.Count(group => group == 1), drawn.Count(group => group == 2)));
        Assert.Equal(sample.Battles.Ids(), battles.Ids().Intersect(sample.Battles.Ids()));
    }

    [Fact]
    public void Too_few_prompts_are_refused() => Assert.Throws<InputException>(() =>
        RepresentativeSample.Draw([Battle("1", "p", "a", "b"), Battle("2", "p", "c", "d")], 2, SamplePrompts.OneEach));

    [Fact]
    public void A_seed_gives_the_same_sample_and_another_seed_another()
    {
        var battles = SyntheticBattles.Create(300);
        Assert.Equal(Draw(1), Draw(1));
        Assert.NotEqual(Draw(1), Draw(2));

        IEnumerable<string> Draw(ulong seed) => RepresentativeSample.Draw(battles, 30, seed: seed).Battles.Ids();
    }

    [Fact]
    public void A_tenth_of_real_votes_has_the_shares_of_all()
    {
        string[] files =
        [
            Repository.Shared("real", "kaggle", "train_head.csv"),
            Repository.Shared("real", "battles", "rulm_sbs_ru.jsonl.gz"),
            Repository.Shared("real", "battles", "mtbench_human.jsonl.gz"),
        ];
        var battles = BattleSet.Load(files, DataFolder.Train).Battles;
        var sample = RepresentativeSample.Draw(battles, 400);

        Assert.Equal(400, sample.Battles.Count);
        Assert.True(
            sample.LargestDifference < 0.025,
            string.Join('\n', sample.Shares.OrderByDescending(share => Math.Abs(share.Population - share.Sample)).Take(5)));
    }
}
