using Tiebreak.Core.Battles;

namespace Tiebreak.Core.Tests.Battles;

public sealed class VerdictTextTests
{
    [Theory]
    [InlineData("model_a", Verdict.A)]
    [InlineData("A", Verdict.A)]
    [InlineData("a", Verdict.A)]
    [InlineData(" Left ", Verdict.A)]
    [InlineData("[[A]]", Verdict.A)]
    [InlineData("1", Verdict.A)]
    [InlineData("1.0", Verdict.A)]
    [InlineData("Response A", Verdict.A)]
    [InlineData("model_1", Verdict.A)]
    [InlineData("gpt-4", Verdict.A)]
    [InlineData("RIGHT", Verdict.B)]
    [InlineData("output_2", Verdict.B)]
    [InlineData("0", Verdict.B)]
    [InlineData("claude", Verdict.B)]
    [InlineData("TIE", Verdict.Tie)]
    [InlineData("draw", Verdict.Tie)]
    [InlineData("0.5", Verdict.Tie)]
    [InlineData("0,5", Verdict.Tie)]
    [InlineData("tie (bothbad)", Verdict.BothBad)]
    [InlineData("both bad", Verdict.BothBad)]
    [InlineData("both_bad", Verdict.BothBad)]
    [InlineData("", null)]
    [InlineData(null, null)]
    [InlineData("nan", null)]
    public void Usual_spellings_are_known(string? word, Verdict? expected)
    {
        Assert.True(VerdictText.TryParse(word, words: null, "gpt-4", "claude", out var verdict));
        Assert.Equal(expected, verdict);
    }

    [Theory]
    [InlineData("2")]
    [InlineData("-1")]
    [InlineData("perhaps")]
    [InlineData("true")]
    [InlineData("neither")]
    [InlineData("GPT-4")] // another model, for all that is known
    public void What_says_nothing_is_never_a_tie(string word)
    {
        Assert.False(VerdictText.TryParse(word, words: null, "gpt-4", "claude", out var verdict));
        Assert.Null(verdict);
    }

    [Fact]
    public void A_name_that_is_also_a_side_counts_only_where_both_say_the_same()
    {
        Assert.True(VerdictText.TryParse("A", words: null, "A", "B", out var same));
        Assert.Equal(Verdict.A, same);
        Assert.False(VerdictText.TryParse("A", words: null, "B", "A", out _));
        Assert.False(VerdictText.TryParse("x", words: null, "x", "x", out _));
    }

    [Fact]
    public void What_the_user_says_comes_first()
    {
        var words = new Dictionary<string, Verdict>(StringComparer.Ordinal) { ["1"] = Verdict.B, ["maybe"] = Verdict.Tie };

        Assert.True(VerdictText.TryParse("1", words, modelA: null, modelB: null, out var first));
        Assert.True(VerdictText.TryParse(" maybe", words, modelA: null, modelB: null, out var second));
        Assert.Equal((Verdict.B, Verdict.Tie), (first, second));
    }
}
