using Tiebreak.Text.Similarity;

namespace Tiebreak.Text.Tests.Similarity;

public sealed class NGramsTests
{
    [Theory]
    [InlineData("", 3, 0)]
    [InlineData("...", 3, 0)]
    [InlineData("one", 3, 1)]
    [InlineData("one two three", 3, 1)]
    [InlineData("one two three four", 3, 2)]
    [InlineData("one one one one", 1, 4)]
    public void There_is_one_hash_for_each_run_of_words(string text, int size, int expected) =>
        Assert.Equal(expected, Words(text, size).Count);

    [Theory]
    [InlineData("", 5, 0)]
    [InlineData("abc", 5, 1)]
    [InlineData("ab, cd", 5, 1)]
    [InlineData("ab cde", 5, 2)]
    public void There_is_one_hash_for_each_run_of_characters(string text, int size, int expected) =>
        Assert.Equal(expected, Characters(text, size).Count);

    [Fact]
    public void Case_and_punctuation_do_not_matter()
    {
        Assert.Equal(Words("Hello,  WORLD!", 2), Words("hello world", 2));
        Assert.Equal(Characters("Hello,  WORLD!", 5), Characters("hello world", 5));
    }

    [Fact]
    public void Order_matters() => Assert.NotEqual(Words("one two", 2), Words("two one", 2));

    [Fact]
    public void Jaccard_counts_shared_hashes_once()
    {
        Assert.Equal(0.5, NGrams.Jaccard([1, 1, 2, 3], [2, 3, 4]));
        Assert.Equal(1, NGrams.Jaccard([], []));
    }

    private static List<ulong> Words(string text, int size)
    {
        var hashes = new List<ulong>();
        NGrams.AddWords(text, size, hashes);
        return hashes;
    }

    private static List<ulong> Characters(string text, int size)
    {
        var hashes = new List<ulong>();
        NGrams.AddCharacters(text, size, hashes);
        return hashes;
    }
}
