using Tiebreak.Core.Randomness;
using Tiebreak.Features.TermVectors;

namespace Tiebreak.Features.Tests;

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

    [Theory]
    [InlineData(nameof(TermKind.Words))]
    [InlineData(nameof(TermKind.Characters))]
    public void Hashes_stand_for_the_terms_in_their_order(string kindName)
    {
        var kind = Enum.Parse<TermKind>(kindName);
        var text = $"One two, don't {new string('X', 100)} one TWO 我们 Äpfel";
        text = string.Join(' ', Enumerable.Repeat(text, 300)); // more than come at once
        var expected = new List<ulong>();
        foreach (var term in new Terms(text, kind, new char[Terms.BufferSize]))
            expected.Add(TermHashes.Of(kind, term));

        var found = new List<ulong>();
        foreach (var hashes in new TermHashes(kind, text))
            found.AddRange(hashes);
        Assert.Equal(expected, found);
    }

    [Theory]
    [InlineData(nameof(TermKind.Words), 1, 40)]
    [InlineData(nameof(TermKind.Words), 3, 25)]
    [InlineData(nameof(TermKind.Words), 20, 1000)]
    [InlineData(nameof(TermKind.Characters), 3, 60)]
    public void A_vocabulary_is_what_counting_every_term_gives_on_any_number_of_threads(string kindName, int minTexts, int maxTerms)
    {
        var kind = Enum.Parse<TermKind>(kindName);
        var random = new SeededRandom(7);
        string?[] texts = [null, .. Enumerable.Range(0, 700).Select(_ =>
            string.Join(' ', Enumerable.Range(0, random.Next(30)).Select(_ => $"w{random.Next(1 + random.Next(60))}")))];
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var term in new Terms(text, kind, new char[Terms.BufferSize]))
                seen.Add(term.ToString());
            foreach (var term in seen)
                counts[term] = counts.GetValueOrDefault(term) + 1;
        }

        var expected = counts.Where(term => term.Value >= minTexts).OrderByDescending(term => term.Value)
            .ThenBy(term => term.Key, StringComparer.Ordinal).Take(maxTerms).ToList();
        var options = new TermOptions { MinTexts = minTexts, MaxTerms = maxTerms };
        foreach (var threads in new[] { 1, 2, 5 })
        {
            var vocabulary = TermVocabulary.Build(kind, texts, options, threads);
            Assert.Equal(expected.Select(term => term.Key), vocabulary.Terms);
            Assert.Equal(
                expected.Select(term => (float)(Math.Log((1.0 + texts.Length) / (1 + term.Value)) + 1)), vocabulary.InverseFrequencies);
        }
    }

    [Fact]
    public void Rough_counts_are_never_too_low()
    {
        var random = new SeededRandom(3);
        ulong[] hashes = [.. Enumerable.Range(0, 20_000).Select(_ => random.NextUInt64() >> random.Next(64))];
        var (one, other) = (new OccurrenceFilter(hashes.Length), new OccurrenceFilter(hashes.Length));
        one.Add(hashes.AsSpan(0, 9000));
        other.Add(hashes.AsSpan(9000));
        one.Add(other);
        Assert.All(
            hashes.CountBy(hash => hash),
            hash => Assert.InRange(one.Count(hash.Key), Math.Min(hash.Value, OccurrenceFilter.Most), OccurrenceFilter.Most));
    }
}
