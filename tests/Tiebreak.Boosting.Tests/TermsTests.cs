using Tiebreak.Boosting.TermVectors;

namespace Tiebreak.Boosting.Tests;

public sealed class TermsTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("One", "one")]
    [InlineData("One two, THREE", "one|two|one two|three|two three")]
    public void Terms_are_words_and_pairs_of_neighbours(string text, string expected)
    {
        var terms = new List<string>();
        foreach (var term in new Terms(text, TermKind.Words, new char[Terms.BufferSize]))
            terms.Add(term.ToString());
        Assert.Equal(expected, string.Join('|', terms));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("A", " a ")]
    [InlineData("No, ok", " no|no | no | ok|ok | ok ")]
    [InlineData("Four", " fo|fou|our|ur | fou|four|our | four|four ")]
    public void Runs_of_characters_stay_inside_words(string text, string expected)
    {
        var terms = new List<string>();
        foreach (var term in new Terms(text, TermKind.Characters, new char[Terms.BufferSize]))
            terms.Add(term.ToString());
        Assert.Equal(expected, string.Join('|', terms));
    }

    [Fact]
    public void Words_longer_than_the_buffer_are_cut_not_lost()
    {
        var longWord = new string('x', 500);
        var terms = new List<string>();
        foreach (var term in new Terms($"{longWord} {longWord} end", TermKind.Words, new char[Terms.BufferSize]))
            terms.Add(term.ToString());

        var cut = new string('x', 40);
        Assert.Equal([cut, cut, $"{cut} {cut}", "end", $"{cut} end"], terms);
    }

    [Fact]
    public void A_vocabulary_weighs_terms_as_scikit_learn_does()
    {
        // ln((1 + 3) / (1 + df)) + 1, rows of length 1, sublinear term frequency.
        var vocabulary = TermVocabulary.Build(TermKind.Words, ["red red blue", "red", "green"], new TermOptions { MinTexts = 1 });
        var vector = vocabulary.Vectorise("red red green");

        Assert.Equal("red", vocabulary.Terms[0]);
        Assert.Equal(Math.Log(4.0 / 3) + 1, vocabulary.InverseFrequencies[0], 6);
        var red = (1 + Math.Log(2)) * (Math.Log(4.0 / 3) + 1);
        var green = Math.Log(4.0 / 2) + 1;
        var pair = Math.Log(4.0 / 2) + 1; // "red red"
        var length = Math.Sqrt((red * red) + (green * green) + (pair * pair));
        Assert.Equal(red / length, vector.Values[Array.IndexOf(vector.Indices, 0)], 6);
        Assert.Equal(1, vector.Values.Sum(value => value * value), 5);
    }

    [Fact]
    public void Rare_terms_and_terms_beyond_the_limit_are_left_out()
    {
        string[] texts = ["a b", "a b", "a c"];
        Assert.Equal(["a", "a b", "b"], TermVocabulary.Build(TermKind.Words, texts, new TermOptions { MinTexts = 2 }).Terms);
        Assert.Equal(["a", "a b"], TermVocabulary.Build(TermKind.Words, texts, new TermOptions { MinTexts = 2, MaxTerms = 2 }).Terms);
    }
}
