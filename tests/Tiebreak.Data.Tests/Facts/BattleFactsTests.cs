using System.Text.RegularExpressions;
using Tiebreak.Core.Battles;
using Tiebreak.Data.Facts;
using Tiebreak.Testing;

namespace Tiebreak.Data.Tests.Facts;

public sealed class BattleFactsTests
{
    [Fact]
    public void Columns_have_unique_names_and_values_of_their_type()
    {
        var battle = PlantedBattle() with { Timestamp = DateTimeOffset.UnixEpoch, Source = "arena", License = "CC" };
        var facts = BattleFacts.Of([battle], threads: 1)[0];

        Assert.Distinct(FactColumn.All.Select(column => column.Name), StringComparer.Ordinal);
        Assert.All(FactColumn.All, column =>
        {
            Assert.Matches(new Regex("^[a-z_]+$", RegexOptions.None, TimeSpan.FromSeconds(1)), column.Name);
            Assert.Equal(column.Type, column.Of(facts)?.GetType());
        });
        object? Value(string name) => FactColumn.All.Single(column => string.Equals(column.Name, name, StringComparison.Ordinal)).Of(facts);
        Assert.Equal(
            ("model_b", 2, 5, true, false),
            (Value("winner"), Value("turns"), Value("length_a"), Value("null_response"), Value("blank_prompt")));
    }

    [Fact]
    public void Unknown_facts_are_null()
    {
        var facts = BattleFacts.Of([new Battle { Id = "1", Turns = [] }], threads: 1)[0];
        string[] unknown = ["model_a", "model_b", "winner", "source", "license", "tstamp"];
        Assert.Equal(unknown, FactColumn.All.Where(column => column.Of(facts) is null).Select(column => column.Name));
    }

    [Fact]
    public void Exchanging_A_and_B_exchanges_the_sides_and_keeps_everything_else()
    {
        var (facts, swapped) = (BattleFacts.Of([PlantedBattle()], 1)[0], BattleFacts.Of([PlantedBattle().Swapped()], 1)[0]);
        Assert.Equal(facts, swapped with
        {
            ModelA = swapped.ModelB,
            ModelB = swapped.ModelA,
            Verdict = swapped.Verdict!.Value.Swapped(),
            LengthA = swapped.LengthB,
            LengthB = swapped.LengthA,
            Texts = swapped.Texts! with { ContentSwapped = !swapped.ContentSwapped },
        });
    }

    [Fact]
    public void Facts_that_take_reading_are_refused_where_the_texts_were_not_read()
    {
        var battles = SyntheticBattles.Create(30);
        var outlines = BattleFacts.Of(battles, threads: 2, readsTexts: false);
        var facts = BattleFacts.Of(battles, threads: 2);

        Assert.Equal(facts.Select(fact => fact with { Texts = null }), outlines);
        Assert.Throws<InvalidOperationException>(() => outlines[0].Language);
        foreach (var key in SliceKey.All.Where(key => !key.ReadsTexts))
        {
            Assert.Equal(
                key.Cut(facts).Slices.Select(slice => (slice.Name, string.Join(' ', slice.Rows))),
                key.Cut(outlines).Slices.Select(slice => (slice.Name, string.Join(' ', slice.Rows))));
        }
    }

    [Fact]
    public void Threads_change_nothing()
    {
        var battles = SyntheticBattles.Create(100);
        Assert.Equal(BattleFacts.Of(battles, threads: 1), BattleFacts.Of(battles, threads: 4));
    }

    private static Battle PlantedBattle() => new()
    {
        Id = "1",
        Turns = [new Turn("What is it?", "This.", "That one."), new Turn("Sure?", null, "I can't help with that.")],
        ModelA = "x",
        ModelB = "y",
        Verdict = Verdict.B,
    };
}
