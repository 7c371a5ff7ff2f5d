using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Data.Slices;

namespace Tiebreak.Data.Tests.Slices;

public sealed class BattleSlicerTests
{
    [Fact]
    public void Special_battles_are_found_and_every_battle_is_in_one_slice()
    {
        Battle[] battles =
        [
            Of("same", "same"), Of("", "an answer"), Of(null, " "),
            Of("I'm sorry, but I can't assist with that.", "Gladly: take two."), Of("one", "two"),
        ];
        var findings = Cut(battles, "finding");
        Assert.Equal(
            ["both sides empty", "one side empty", "identical responses", "one side refuses", "none of these"],
            findings.Slices.Select(slice => slice.Name));
        foreach (var slicing in BattleSlicer.Cut(battles, ["turns", "length", "length-difference", "language", "finding"], threads: 2))
            Assert.Equal(Enumerable.Range(0, 5), slicing.Slices.SelectMany(slice => slice.Rows).Order());
    }

    [Fact]
    public void Differences_in_length_are_ordered_and_swapping_mirrors_them()
    {
        Battle[] battles =
        [
            Of(new string('x', 300), "short"), Of(new string('x', 110), new string('y', 100)), Of("short", new string('y', 300)),
        ];
        Assert.Equal(
            ["A more than twice as long", "about equally long", "B more than twice as long"],
            Cut(battles, "length-difference").Slices.Select(slice => slice.Name));
        Assert.Equal([2], Cut([.. battles.Select(battle => battle.Swapped())], "length-difference").Slices[0].Rows);
    }

    [Fact]
    public void A_battle_counts_for_both_of_its_models_and_unnamed_sources_make_no_slice()
    {
        Battle[] battles = [Of("a", "b") with { ModelA = "x", ModelB = "y" }, Of("c", "d") with { ModelA = "y", ModelB = "y" }];
        var models = Cut(battles, "model");
        Assert.Equal([("y", 2), ("x", 1)], models.Slices.Select(slice => (slice.Name, slice.Rows.Count)));
        Assert.Empty(BattleSlicer.Cut(battles, ["source"], threads: 1));
    }

    private static Slicing Cut(IReadOnlyList<Battle> battles, string name) => Assert.Single(BattleSlicer.Cut(battles, [name], threads: 2));

    private static Battle Of(string? a, string? b) =>
        new() { Id = "1", Turns = [new Turn("What is the best way to the station?", a, b)], Verdict = Verdict.A };
}
