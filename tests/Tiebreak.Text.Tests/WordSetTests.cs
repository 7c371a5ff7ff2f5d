namespace Tiebreak.Text.Tests;

public sealed class WordSetTests
{
    [Fact]
    public void Overlap_ignores_case_and_repetition()
    {
        var (one, other) = (Of("The cat sat on the mat"), Of("A CAT on a hat"));

        Assert.Equal(5, one.Count);
        Assert.Equal(4, other.Count);
        Assert.Equal(2.0 / 7, one.Jaccard(other), 12);
        Assert.Equal(one.Jaccard(other), other.Jaccard(one));
        Assert.Equal(0.4, one.ShareIn(other), 12);
        Assert.Equal(0.5, other.ShareIn(one), 12);
    }

    [Fact]
    public void Empty_texts_are_alike_and_share_nothing()
    {
        Assert.Equal(1, Of(null).Jaccard(Of("...")));
        Assert.Equal(0, Of(null).ShareIn(Of("word")));
        Assert.Equal(0, Of("word").Jaccard(Of("")));
    }

    private static WordSet Of(string? text)
    {
        var words = new WordSet();
        words.Add(text);
        return words;
    }
}
