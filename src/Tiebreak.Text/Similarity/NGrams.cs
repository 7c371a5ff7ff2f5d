using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Tiebreak.Text.Similarity;

/// <summary>
/// Runs of n neighbouring words or characters ("shingles": Broder, "On the resemblance and containment of documents", 1997) as 64-bit
/// hashes (XXH3). Case, punctuation and white space do not matter. A text shorter than n gives one n-gram, a text without words none.
/// </summary>
internal static class NGrams
{
    private const int LongestWord = 64;

    /// <summary>Adds the hashes of a text's runs of <paramref name="size"/> words, repeated ones as often as they occur.</summary>
    /// <param name="text">The text; null counts as empty.</param>
    /// <param name="size">
    /// Words in a run, at least 1. Scripts without spaces give one word per character (see <see cref="Text.Words"/>).
    /// </param>
    /// <param name="hashes">Where the hashes are added.</param>
    public static void AddWords(ReadOnlySpan<char> text, int size, List<ulong> hashes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        Span<ulong> window = stackalloc ulong[Math.Min(size, 32)];
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, window.Length);
        Span<char> lower = stackalloc char[LongestWord];
        var words = 0;
        foreach (var word in new Words(text))
        {
            var length = Math.Min(word.Length, LongestWord); // longer "words" are data, and their first characters tell them apart
            Casing.ToLower(word[..length], lower);
            window[1..].CopyTo(window);
            window[^1] = XxHash3.HashToUInt64(MemoryMarshal.AsBytes(lower[..length]));
            if (++words >= size)
                hashes.Add(XxHash3.HashToUInt64(MemoryMarshal.AsBytes(window)));
        }

        if (words > 0 && words < size)
            hashes.Add(XxHash3.HashToUInt64(MemoryMarshal.AsBytes(window[^words..])));
    }

    /// <summary>Adds the hashes of a text's runs of <paramref name="size"/> characters, repeated ones as often as they occur.</summary>
    /// <param name="text">The text; null counts as empty.</param>
    /// <param name="size">UTF-16 units in a run, at least 1; one space stands for whatever lies between two words.</param>
    /// <param name="hashes">Where the hashes are added.</param>
    public static void AddCharacters(ReadOnlySpan<char> text, int size, List<ulong> hashes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        var plain = System.Buffers.ArrayPool<char>.Shared.Rent((2 * text.Length) + 1);
        var length = 0;
        foreach (var word in new Words(text))
        {
            length += word.ToLowerInvariant(plain.AsSpan(length));
            plain[length++] = ' ';
        }

        if (length > 0)
        {
            length--; // the last space
            var run = Math.Min(size, length);
            for (var start = 0; start + run <= length; start++)
                hashes.Add(XxHash3.HashToUInt64(MemoryMarshal.AsBytes(plain.AsSpan(start, run))));
        }

        System.Buffers.ArrayPool<char>.Shared.Return(plain);
    }

    /// <summary>
    /// Jaccard similarity of two sets of hashes: shared ones by those in either; 1 for two empty sets. Repeated hashes count once.
    /// </summary>
    public static double Jaccard(IReadOnlyCollection<ulong> one, IReadOnlyCollection<ulong> other) =>
        Jaccard(one.ToHashSet(), other.ToHashSet());

    /// <summary>Jaccard similarity of two sets, without a copy of them.</summary>
    internal static double Jaccard(HashSet<ulong> one, HashSet<ulong> other)
    {
        var (small, large) = one.Count <= other.Count ? (one, other) : (other, one);
        var shared = small.Count(large.Contains);
        var union = one.Count + other.Count - shared;
        return union == 0 ? 1 : (double)shared / union;
    }
}
