namespace Tiebreak.Text.Tests;

public sealed class ReadabilityTests
{
    [Theory]
    [InlineData("cat", 1)]
    [InlineData("make", 1)]
    [InlineData("table", 2)]
    [InlineData("reading", 2)]
    [InlineData("banana", 3)]
    [InlineData("the", 1)]
    [InlineData("42", 1)]
    [InlineData("e", 1)]
    public void Syllables_are_groups_of_vowels(string word, int expected) => Assert.Equal(expected, Readability.CountSyllables(word));

    [Fact]
    public void The_formulas_are_the_published_ones()
    {
        // 6 words, 2 sentences, 8 syllables, 1 word of three syllables, 24 letters.
        const string Text = "The cat sat. Bananas taste good.";
        var readability = Readability.Of(Text, TextStatistics.Of(Text));
        Assert.Equal((6, 2, 8, 1), (readability.Words, readability.Sentences, readability.Syllables, readability.Polysyllables));
        Assert.Equal(206.835 - (1.015 * 3) - (84.6 * 8 / 6), readability.FleschReadingEase, 9);
        Assert.Equal((0.39 * 3) + (11.8 * 8 / 6) - 15.59, readability.FleschKincaidGrade, 9);
        Assert.Equal(0.4 * (3 + (100.0 / 6)), readability.GunningFog, 9);
        Assert.Equal(3.1291 + (1.043 * Math.Sqrt(15)), readability.Smog, 9);
        Assert.Equal((4.71 * 25 / 6) + 1.5 - 21.43, readability.AutomatedIndex, 9);
    }

    [Fact]
    public void An_empty_text_has_no_grade() => Assert.Equal(0, Readability.Of(null, TextStatistics.Of(null)).FleschKincaidGrade);
}
