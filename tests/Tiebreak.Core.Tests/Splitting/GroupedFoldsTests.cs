using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Splitting;
using Tiebreak.Testing;

namespace Tiebreak.Core.Tests.Splitting;

public sealed class GroupedFoldsTests
{
    [Fact]
    public void Prompts_stay_together_and_folds_are_balanced()
    {
        var battles = SyntheticBattles.Create(500)
            .Select((battle, i) => battle with { Turns = [battle.Turns[0] with { Prompt = $"Prompt {i % 180}" }] }).ToList();
        var labelled = new LabelledBattles(battles);
        var folds = GroupedFolds.Assign(labelled, 5);

        Assert.All(
            Enumerable.Range(0, 500).GroupBy(i => labelled.Groups[i]),
            group => Assert.Single(group.Select(i => folds[i]).Distinct()));
        foreach (var outcome in Enum.GetValues<Outcome>())
        {
            var total = labelled.Targets.Sum(target => target[outcome]);
            foreach (var fold in Enumerable.Range(0, 5))
            {
                Assert.InRange(
                    Enumerable.Range(0, 500).Where(i => folds[i] == fold).Sum(i => labelled.Targets[i][outcome]),
                    (total / 5) - 6,
                    (total / 5) + 6);
            }
        }
    }

    [Fact]
    public void Other_sources_follow_the_targets_folds_and_do_not_change_them()
    {
        var target = SyntheticBattles.Create(200);
        var others = SyntheticBattles.Create(400, seed: 2).Select(battle => battle with { Id = "other-" + battle.Id }).ToList();
        var labelled = new LabelledBattles([.. others, .. target]);
        var folds = GroupedFolds.Assign(labelled, [.. others.Select(_ => false), .. target.Select(_ => true)], 5, seed: 3);

        Assert.Equal(GroupedFolds.Assign(new LabelledBattles(target), 5, seed: 3), folds[others.Count..]);
        Assert.Equal(200, labelled.Groups.Take(others.Count).Intersect(labelled.Groups.Skip(others.Count)).Count());
        Assert.All(
            Enumerable.Range(0, labelled.Count).GroupBy(i => labelled.Groups[i]),
            group => Assert.Single(group.Select(i => folds[i]).Distinct()));
        Assert.Equal(5, folds.Take(others.Count).Distinct().Count());
    }

    [Fact]
    public void Prompts_that_differ_only_in_case_and_signs_are_one_group()
    {
        var battles = new[] { "Hello!", "hello", " HELLO ...", "Hello you" }
            .Select((prompt, i) => new Battle { Id = $"{i}", Turns = [new Turn(prompt, "a", "b")], Verdict = Verdict.A }).ToList();
        Assert.Equal([0, 0, 0, 1], PromptGroup.Number(battles));
    }

    [Fact]
    public void The_key_of_a_prompt_is_its_letters_and_digits_in_lower_case() =>
        Assert.Equal(
            "écrivez100foisstraße",
            PromptGroup.KeyOf(new Battle { Id = "1", Turns = [new Turn(" ÉCRIVEZ 100 fois: \"[Straße]@`{\"", "a", "b")] }));

    [Fact]
    public void A_part_has_the_targets_and_groups_that_it_would_have_alone()
    {
        var different = SyntheticBattles.Create(100);
        Battle[] battles = [.. different, .. different.Reverse(), .. different];
        int[] rows = [.. Enumerable.Range(0, 300).Where(i => i % 3 != 0).Reverse()];
        var (part, alone) = (new LabelledBattles(battles).Only(rows), new LabelledBattles([.. rows.Select(i => battles[i])]));

        Assert.Equal(alone.Battles, part.Battles);
        Assert.Equal(alone.Targets, part.Targets);
        Assert.Equal(alone.Groups, part.Groups);
        Assert.True(part.Groups.Distinct().Count() < part.Count); // some share a prompt
    }

    [Fact]
    public void The_same_seed_gives_the_same_folds_and_another_seed_others()
    {
        var labelled = new LabelledBattles(SyntheticBattles.Create(100));
        Assert.Equal(GroupedFolds.Assign(labelled, 5, seed: 1), GroupedFolds.Assign(labelled, 5, seed: 1));
        Assert.NotEqual(GroupedFolds.Assign(labelled, 5, seed: 1), GroupedFolds.Assign(labelled, 5, seed: 2));
    }

    [Fact]
    public void Fewer_prompts_than_folds_are_refused() =>
        Assert.Contains(
            "3",
            Assert.Throws<InputException>(() => GroupedFolds.Assign(new LabelledBattles(SyntheticBattles.Create(3)), 5)).Message,
            StringComparison.Ordinal);
}
