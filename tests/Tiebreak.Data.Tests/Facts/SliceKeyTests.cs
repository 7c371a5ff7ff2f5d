using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Data.Facts;

namespace Tiebreak.Data.Tests.Facts;

public sealed class SliceKeyTests
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
        foreach (var name in (string[])["turns", "length", "length-difference", "language", "finding", "prompt"])
            Assert.Equal(Enumerable.Range(0, 5), Cut(battles, name).Slices.SelectMany(slice => slice.Rows).Order());
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
        Assert.Empty(Cut(battles, "source").Slices);
    }

    [Fact]
    public void Months_are_in_the_order_of_the_calendar()
    {
        Battle[] battles = [At(2024, 11), At(2023, 2), At(2024, 11), Of("a", "b"), At(2024, 1)];
        Assert.Equal(["2023-02", "2024-01", "2024-11"], Cut(battles, "month").Slices.Select(slice => slice.Name));
        Assert.Equal([0, 2], Cut(battles, "month").Slices[2].Rows);
    }

    [Fact]
    public void Labels_say_what_slices_say()
    {
        Battle[] battles = [Of("a", "b") with { Source = "one" }, Of("c", "d"), Of("e", "f") with { Source = "two" }];
        var facts = BattleFacts.Of(battles, threads: 1);
        foreach (var key in SliceKey.All.Where(key => !key.Overlaps))
        {
            var expected = new string[battles.Length];
            Array.Fill(expected, "");
            foreach (var slice in key.Cut(facts).Slices)
            {
                foreach (var row in slice.Rows)
                    expected[row] = slice.Name;
            }

            Assert.Equal(key.Name is "month" ? null : expected, key.Label(facts));
        }

        Assert.Throws<InvalidOperationException>(() => SliceKey.Find("model")!.Label(facts));
    }

    private static Slicing Cut(IReadOnlyList<Battle> battles, string name) => SliceKey.Find(name)!.Cut(BattleFacts.Of(battles, threads: 2));

    private static Battle At(int year, int month) =>
        Of("a", "b") with { Timestamp = new DateTimeOffset(year, month, 3, 0, 0, 0, TimeSpan.Zero) };

    private static Battle Of(string? a, string? b) =>
        new() { Id = "1", Turns = [new Turn("What is the best way to the station?", a, b)], Verdict = Verdict.A };
}
