using System.Text.Json.Nodes;
using CsCheck;
using Tiebreak.App.Recipes;
using Tiebreak.App.Searching;
using Tiebreak.Core;

namespace Tiebreak.App.Tests.Searching;

/// <summary>What is varied, and that few trials cover it well.</summary>
public sealed class SearchSpaceTests
{
    [Fact]
    public void Trials_cover_every_range_evenly()
    {
        var space = SearchSpace.Of([], ["rate=1e-5..1e-3", "leaves=1..100", "share=0..1.0", "kind=[a,b,null]"]);
        Gen.Int[7, 40].Select(Gen.ULong).Sample((trials, seed) =>
        {
            var drawn = space.Draw(trials, seed);
            Assert.Empty(drawn[0]); // the recipe itself

            // One value in each part of a range: sorted, the k-th lies between the ends of the k-th part.
            var rates = drawn.Skip(1).Select(values => Math.Log10((double)values["rate"]!)).Order().ToArray();
            var shares = drawn.Skip(1).Select(values => (double)values["share"]!).Order().ToArray();
            for (var k = 0; k < trials - 1; k++)
            {
                Assert.InRange((rates[k] + 5) / 2 * (trials - 1), k - 0.1, k + 1.1);
                Assert.InRange(shares[k] * (trials - 1), k - 0.1, k + 1.1);
            }

            Assert.All(drawn.Skip(1), values => Assert.InRange((long)values["leaves"]!, 1, 100));
            Assert.Equal(3, drawn.Skip(1).Select(values => values["kind"]?.ToString() ?? "null").Distinct(StringComparer.Ordinal).Count());
            Assert.Equal(Texts(drawn), Texts(space.Draw(trials, seed)));
        });
    }

    [Theory]
    [InlineData("feature", "boosting.learning_rate, boosting.leaves, boosting.feature_fraction, linear.share, linear.l2")]
    [InlineData("minilm", "tuning.learning_rate, tuning.label_smoothing, max_tokens")]
    [InlineData("decoder-lora", "tuning.learning_rate, tuning.lora.rank, max_tokens")]
    public void Without_a_word_the_usual_keys_of_the_recipe_are_varied(string recipe, string keys) =>
        Assert.Equal(keys, string.Join(", ", SearchSpace.Of(RecipeFile.ReadKeys(recipe, []), []).Keys.Select(key => key.Key)));

    [Theory]
    [InlineData("rate=5..1", "not of the form")]
    [InlineData("rate=5", "not of the form")]
    [InlineData("rate=1..nan", "not of the form")]
    [InlineData("=1..2", "not of the form")]
    [InlineData("[1,2]", "not of the form")]
    [InlineData("rate=[]", "not of the form")]
    public void Wrong_ranges_are_refused(string vary, string said)
    {
        var error = Assert.Throws<InputException>(() => SearchSpace.Of([], [vary]));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Equal(["vary"], error.Parameters);
    }

    [Fact]
    public void A_key_that_stands_there_twice_and_a_recipe_without_keys_to_vary_are_refused()
    {
        var error = Assert.Throws<InputException>(() => SearchSpace.Of([], ["a=1..2", "a=[1]"]));
        Assert.Contains("twice", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<InputException>(() => SearchSpace.Of(RecipeFile.ReadKeys("priors", []), []));
        Assert.Contains("none of the keys", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(12, 100_000, "9:12 3:4 1:2")]
    [InlineData(27, 100_000, "9:27 3:9 1:3")]
    [InlineData(12, 400, "3:12 1:4")]
    [InlineData(12, 100, "1:12")]
    [InlineData(2, 100_000, "1:2")]
    public void Fewer_trials_learn_from_more_prompts(int trials, int battles, string rounds) => Assert.Equal(
        rounds,
        string.Join(
            ' ', SearchRounds.Of(trials, battles).Select(round => FormattableString.Invariant($"{round.Divisor}:{round.Trials}"))));

    [Fact]
    public void Keys_that_are_written_as_yaml_are_read_back()
    {
        var keys = RecipeFile.ReadKeys("decoder-lora", ["model=/a \"b\": c", "tuning.layers=[-1,-2]", "tuning.clip_norm=null", "no=[]"]);
        keys["section"] = new JsonObject { ["odd key:"] = "yes", ["12"] = 1e-7, ["empty"] = new JsonObject() };
        var text = YamlText.Of(keys);
        Assert.Equal(keys.ToJsonString(), YamlJson.Read("The text", text).ToJsonString());
        Assert.Contains("\n  lora:\n    rank: 16\n", text, StringComparison.Ordinal);
    }

    private static string Texts(IEnumerable<JsonObject> drawn) => string.Join('\n', drawn.Select(values => values.ToJsonString()));
}
