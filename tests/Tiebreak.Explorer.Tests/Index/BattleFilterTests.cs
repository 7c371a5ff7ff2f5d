using CsCheck;
using Tiebreak.Core;
using Tiebreak.Explorer.Index;

namespace Tiebreak.Explorer.Tests.Index;

public sealed class BattleFilterTests
{
    private static readonly Gen<string> Value = Gen.String.Where(text => text.Length is > 0 and < 50);
    private static readonly Gen<NumberRange?> Range = Gen.Select(Gen.Int[0, 50], Gen.Int[0, 50], Gen.Int[0, 3], (one, other, open) =>
        open switch
        {
            0 => (NumberRange?)null,
            1 => new NumberRange(one / 10.0, null),
            2 => new NumberRange(null, one / 10.0),
            _ => new NumberRange(Math.Min(one, other), Math.Max(one, other)),
        });

    [Fact]
    public void A_filter_is_the_same_after_its_query_string() =>
        Gen.Select(
            Gen.Select(Value.Array[0, 2], Value.Null(), Gen.OneOf(BattleFilter.AllWinners.ToArray()).Array[0, 2], Value.Array[0, 2]),
            Gen.Select(Range, Range, Range, Range),
            Gen.Select(Gen.OneOf(BattleFilter.AllFindings.ToArray()).Array[0, 2], Gen.Bool.Nullable(), Value.Null(), Gen.Int[0, 99].Array[0, 2]))
            .Sample((texts, ranges, rest) =>
            {
                var filter = new BattleFilter
                {
                    Models = texts.Item1,
                    Won = texts.Item2,
                    Winners = texts.Item3,
                    Languages = texts.Item4,
                    Sources = texts.Item4,
                    Tags = texts.Item1,
                    Turns = ranges.Item1,
                    Length = ranges.Item2,
                    PromptLength = ranges.Item3,
                    LengthA = ranges.Item4,
                    LengthB = ranges.Item1,
                    Tokens = ranges.Item2,
                    Confidence = ranges.Item3,
                    Loss = ranges.Item4,
                    Findings = rest.Item1,
                    Topics = rest.Item4,
                    IsRight = rest.Item2,
                    Judge = rest.Item3,
                    Text = rest.Item3,
                };
                var query = filter.ToQuery();
                Assert.Equal(query, Parse(query).ToQuery());
                Assert.Equal(filter.Pairs(), Parse(query).Pairs());
            });

    [Theory]
    [InlineData("modle=x", "There is no filter modle; did you mean model?")]
    [InlineData("winner=model_c", "winner=model_c is not known; did you mean model_a?")]
    [InlineData("finding=identical_response", "finding=identical_response is not known; did you mean identical_responses?")]
    [InlineData("turns=3-1", "turns=3-1 is no range of numbers. Write it as 2-5, 2-, -5 or 2.")]
    [InlineData("length=-", "length=- is no range of numbers. Write it as 2-5, 2-, -5 or 2.")]
    [InlineData("loss=1e3", "loss=1e3 is no range of numbers. Write it as 2-5, 2-, -5 or 2.")]
    [InlineData("topic=-1", "topic is the number of a topic, from 0.")]
    [InlineData("right=maybe", "right=maybe is not known; did you mean yes?")]
    public void What_is_not_known_is_an_error(string query, string message) =>
        Assert.Equal(message, Assert.Throws<InputException>(() => Parse(query)).Message);

    [Fact]
    public void Empty_fields_of_a_form_ask_for_nothing() =>
        Assert.Equal("", Parse("model=&turns=&finding=&text=").ToQuery());

    [Fact]
    public void A_filter_has_bounds()
    {
        Assert.Throws<InputException>(() => Parse($"model={new string('x', BattleFilter.LongestValue + 1)}"));
        Assert.Throws<InputException>(() => Parse(string.Join('&', Enumerable.Repeat("model=x", BattleFilter.MostValues + 1))));
    }

    private static BattleFilter Parse(string query) => BattleFilter.Parse(query.Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('=', 2)).Select(pair => KeyValuePair.Create(pair[0], Uri.UnescapeDataString(pair[1]))));
}
