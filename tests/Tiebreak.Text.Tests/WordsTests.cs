namespace Tiebreak.Text.Tests;

public sealed class WordsTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("  ...  ", "")]
    [InlineData("Hello, world!", "Hello|world")]
    [InlineData("don't stop 'quoted' rock'n'roll", "don't|stop|quoted|rock'n'roll")]
    [InlineData("caf\u00e9 cafe\u0301 na\u00efve", "caf\u00e9|cafe\u0301|na\u00efve")]
    [InlineData("a1b2 3.14", "a1b2|3|14")]
    [InlineData("我喜欢C语言", "我|喜|欢|C|语|言")]
    [InlineData("привет мир", "привет|мир")]
    [InlineData("x\U0001F600y", "x|y")]
    public void Words_are_runs_of_letters_and_digits(string text, string expected)
    {
        var words = new List<string>();
        foreach (var word in new Words(text))
            words.Add(word.ToString());
        Assert.Equal(expected, string.Join('|', words));
    }
}
