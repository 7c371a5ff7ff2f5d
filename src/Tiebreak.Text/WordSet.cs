using System.IO.Hashing;
using System.Runtime.InteropServices;
using Tiebreak.Text.Similarity;

namespace Tiebreak.Text;

/// <summary>
/// The set of words of one or more texts, as 64-bit hashes of their lower-case forms (XXH3), for overlap measures. A collision among a
/// million different words has a probability of 3e-8.
/// </summary>
public sealed class WordSet
{
    private readonly HashSet<ulong> _words = [];

    /// <summary>How many different words there are.</summary>
    public int Count => _words.Count;

    /// <summary>Adds the words of a text; null adds nothing.</summary>
    public void Add(string? text)
    {
        Span<char> lower = stackalloc char[64];
        foreach (var word in new Words(text))
        {
            var length = Math.Min(word.Length, lower.Length); // longer "words" are data, and their first 64 characters tell them apart
            word[..length].ToLowerInvariant(lower);
            _words.Add(XxHash3.HashToUInt64(MemoryMarshal.AsBytes(lower[..length])));
        }
    }

    /// <summary>Jaccard similarity: shared words by words in either set; 1 for two empty sets.</summary>
    public double Jaccard(WordSet other) => NGrams.Jaccard(_words, other._words);

    /// <summary>Share of this set's words that the other has too; 0 for an empty set.</summary>
    public double ShareIn(WordSet other) => Count == 0 ? 0 : (double)Shared(other) / Count;

    private int Shared(WordSet other)
    {
        var (small, large) = Count <= other.Count ? (_words, other._words) : (other._words, _words);
        return small.Count(large.Contains);
    }
}
