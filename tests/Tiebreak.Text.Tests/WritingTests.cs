namespace Tiebreak.Text.Tests;

public sealed class WritingTests
{
    [Theory]
    [InlineData("This is the the end.", 1, 0, 0, 0)]
    [InlineData("That was it. then it went on.", 0, 1, 0, 0)]
    [InlineData("Well , no .", 0, 0, 2, 0)]
    [InlineData("It is a apple and an banana.", 0, 0, 0, 2)]
    [InlineData("It is an apple, an hour, a user. See e.g. this one.", 0, 0, 0, 0)]
    [InlineData("", 0, 0, 0, 0)]
    public void Cues_of_careless_writing(string text, int repeated, int lower, int spaces, int articles)
    {
        var cues = GrammarCues.Of(text);
        Assert.Equal(
            (repeated, lower, spaces, articles), (cues.RepeatedWords, cues.LowerCaseStarts, cues.SpacesBeforeMarks, cues.WrongArticles));
    }

    [Theory]
    [InlineData("It ends here.", 0)]
    [InlineData("It breaks off in the middle of", 1)]
    [InlineData("- a list item of words", 0)]
    [InlineData("```\ncode here\n```", 0)]
    [InlineData("42", 0)]
    public void Unfinished_texts(string text, int expected) => Assert.Equal(expected, GrammarCues.Of(text).Unfinished);

    [Fact]
    public void Repeated_lines_count() =>
        Assert.Equal(2, GrammarCues.Of("the same line\nthe same line\nother line\nthe same line\n-\n-").RepeatedLines);

    [Fact]
    public void Tone_counts_words_of_the_lists_in_any_case()
    {
        var tone = Tone.Of("I think this is GREAT, perhaps wonderful, but it is not wrong. Bitte!");
        Assert.Equal((2, 1, 1, 1, 1, 1), (tone.Positive, tone.Negative, tone.Hedges, tone.FirstPerson, tone.Negations, tone.Courtesies));
        Assert.Equal(2 * tone.Positive, (tone + tone).Positive);
        Assert.Equal(default, Tone.Of(null));
    }
}
