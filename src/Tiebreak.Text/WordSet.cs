namespace Tiebreak.Text;

/// <summary>
/// The set of words of one or more texts, as 64-bit hashes of their lower-case forms (XXH3), for overlap measures. A collision among a
/// million different words has a probability of 3e-8.
/// </summary>
internal sealed class WordSet
{
    private readonly HashedSet _words = new();

    /// <summary>How many different words there are.</summary>
    public int Count => _words.Count;

    /// <summary>Adds the words of a text; null adds nothing.</summary>
    public void Add(string? text)
    {
        using var words = WordScan.Of(text);
        Add(words);
    }

    /// <summary>Adds the words of a text.</summary>
    public void Add(WordScan words)
    {
        foreach (var hash in words.Hashes)
            _words.Add(hash);
    }

    /// <summary>Jaccard similarity: shared words by words in either set; 1 for two empty sets.</summary>
    public double Jaccard(WordSet other)
    {
        var shared = _words.Shared(other._words);
        var union = Count + other.Count - shared;
        return union == 0 ? 1 : (double)shared / union;
    }

    /// <summary>Share of this set's words that the other has too; 0 for an empty set.</summary>
    public double ShareIn(WordSet other) => Count == 0 ? 0 : (double)_words.Shared(other._words) / Count;
}
