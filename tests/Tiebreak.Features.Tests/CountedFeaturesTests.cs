using Tiebreak.Core.Battles;
using Tiebreak.Features.Counted;
using Tiebreak.Testing;

namespace Tiebreak.Features.Tests;

public sealed class CountedFeaturesTests
{
    private static readonly CountedFeatures Features = new(CountedFeatures.GroupNames);
    private static readonly FeatureSchema Schema = new(Features.Columns);

    private static readonly Battle[] Battles =
    [
        .. SyntheticBattles.Create(20),
        new() { Id = "nulls", Turns = [new Turn(null, null, null), new Turn("", "", "x")] },
        new() { Id = "none", Turns = [] },
        new()
        {
            Id = "markdown",
            Turns = [new Turn("Write code", "# Hi\n- **a**\n```\nx\n```", "I'm sorry, as an AI I can't help with that.")],
        },
    ];

    [Fact]
    public void Swapping_the_row_is_the_row_of_the_swapped_battle()
    {
        var original = Features.Extract(Battles, 2);
        var swapped = Features.Extract([.. Battles.Select(battle => battle.Swapped())], 2);
        var row = new float[original.Columns];
        for (var i = 0; i < Battles.Length; i++)
        {
            Schema.Swap(original[i], row);
            Assert.Equal(swapped[i].ToArray(), row);
        }
    }

    [Fact]
    public void Features_are_finite_on_any_battle_and_do_not_depend_on_threads()
    {
        var one = Features.Extract(Battles, 1);
        Assert.All(one.Values, value => Assert.True(float.IsFinite(value)));
        Assert.Equal(one.Values, Features.Extract(Battles, 4).Values);
        Assert.Equal(Schema.Names.Count, Schema.Names.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Groups_can_be_chosen()
    {
        Assert.Equal(
            ["diff_characters", "diff_words", "diff_sentences", "diff_lines", "diff_paragraphs"],
            new CountedFeatures(["length"]).Columns.Where(column => column.IsAntisymmetric).Select(column => column.Name));
        Assert.All(
            CountedFeatures.GroupNames,
            name => Assert.All(new CountedFeatures([name]).Columns, column => Assert.Equal(name, column.Group)));
    }

    [Fact]
    public void What_the_names_promise_is_in_the_columns()
    {
        // Without the fading of looks, which would take this battle's away: one side refuses.
        var counted = new CountedFeatures([.. CountedFeatures.GroupNames.Where(group => group is not "style_free")]);
        var (features, names) = (counted.Extract(Battles, 1), new FeatureSchema(counted.Columns).Names.ToList());
        float Of(string name) => features[Battles.Length - 1][names.IndexOf(name)];

        Assert.Equal((float)Math.Log(2), Of("diff_headers"), 6);
        Assert.Equal((float)Math.Log(2), Of("diff_bold"), 6);
        Assert.Equal(-(float)Math.Log(2), Of("diff_refusals"), 6);
        Assert.Equal(0, Of("identical"));
        Assert.Equal(1, Of("turns"));
        Assert.Equal((float)Math.Log(11), Of("prompt_characters"), 6);
    }
}
