namespace Tiebreak.Core.Tests;

public sealed class ShortenedTests
{
    [Theory]
    [InlineData("abcdef", 6, "abcdef")]
    [InlineData("abcdef", 5, "abcd…")]
    [InlineData("abcdef", 1, "…")]
    [InlineData("ab😀cd", 4, "ab…")] // no half of the emoji
    [InlineData("ab😀cd", 5, "ab😀…")]
    [InlineData("😀bcd", 2, "…")]
    public void A_text_is_cut_between_characters(string text, int most, string expected) =>
        Assert.Equal(expected, Shortened.Text(text, most));

    [Theory]
    [InlineData(0, "")]
    [InlineData(2, "0, 1")]
    [InlineData(3, "0, 1 and 1 more")]
    [InlineData(1236, "0, 1 and 1,234 more")]
    public void A_list_names_the_first_and_counts_the_others(int count, string expected) =>
        Assert.Equal(expected, Shortened.List(Enumerable.Range(0, count).Select(i => $"{i}"), most: 2));
}
