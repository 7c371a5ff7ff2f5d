using System.Numerics;
using Tiebreak.Text;

namespace Tiebreak.Features.TermVectors;

/// <summary>
/// The terms of a collection of texts with their inverse document frequencies, ln((1 + n) / (1 + df)) + 1 as in scikit-learn. Terms are
/// looked up by hashes, see <see cref="TermHashes"/>. Safe to use from many threads.
/// </summary>
internal sealed class TermVocabulary
{
    private static readonly float[] Dampened = [.. Enumerable.Range(0, 256).Select(Dampen)];

    [ThreadStatic]
    private static int[]? _counts; // one per term, all 0 between texts

    [ThreadStatic]
    private static ulong[]? _present; // one bit per term, all 0 between texts

    private readonly HashIndex _numbers;
    private readonly float[] _inverseFrequencies;

    /// <summary>Creates a vocabulary.</summary>
    /// <param name="kind">What the terms are.</param>
    /// <param name="terms">The terms; their place is their number.</param>
    /// <param name="inverseFrequencies">One per term.</param>
    public TermVocabulary(TermKind kind, IReadOnlyList<string> terms, IReadOnlyList<float> inverseFrequencies)
    {
        Kind = kind;
        Terms = terms;
        _inverseFrequencies = [.. inverseFrequencies];
        _numbers = new HashIndex([.. terms.Select(term => TermHashes.Of(kind, term))]);
    }

    /// <summary>What the terms are.</summary>
    public TermKind Kind { get; }

    /// <summary>The terms; their place is their number.</summary>
    public IReadOnlyList<string> Terms { get; }

    /// <summary>One per term.</summary>
    public IReadOnlyList<float> InverseFrequencies => _inverseFrequencies;

    /// <summary>Collects the most frequent terms of texts.</summary>
    /// <param name="kind">What the terms are.</param>
    /// <param name="texts">The texts; null has no terms.</param>
    /// <param name="options">Which terms are kept.</param>
    /// <param name="threads">Threads to use; the result does not depend on it.</param>
    /// <param name="cancellationToken">Stops between texts.</param>
    public static TermVocabulary Build(
        TermKind kind, IReadOnlyList<string?> texts, TermOptions options, int threads = 1, CancellationToken cancellationToken = default)
    {
        var kept = new TermCollector(kind, texts, options, threads).Collect(cancellationToken);
        return new TermVocabulary(
            kind,
            [.. kept.Select(term => term.Term)],
            [.. kept.Select(term => (float)(Math.Log((1.0 + texts.Count) / (1 + term.Texts)) + 1))]);
    }

    /// <summary>The TF-IDF vector of a text: (1 + ln count) x inverse frequency, scaled to length 1.</summary>
    public TermVector Vectorise(string? text)
    {
        var (counts, present) = Counters();
        var found = 0;
        foreach (var hashes in new TermHashes(Kind, text))
        {
            foreach (var hash in hashes)
            {
                if (_numbers.Find(hash) is var number and >= 0 && counts[number]++ == 0)
                {
                    present[number >> 6] |= 1UL << number;
                    found++;
                }
            }
        }

        var indices = Ascending(present, found);
        return new TermVector(indices, Weigh(indices, counts));
    }

    /// <summary>The numbers whose bits are set; sets the bits back to 0.</summary>
    private static int[] Ascending(ulong[] present, int found)
    {
        var indices = new int[found];
        var next = 0;
        for (var word = 0; next < found; word++)
        {
            for (var bits = present[word]; bits != 0; bits &= bits - 1)
                indices[next++] = (word << 6) + BitOperations.TrailingZeroCount(bits);
            present[word] = 0;
        }

        return indices;
    }

    private static float Dampen(int count) => (float)(1 + Math.Log(count));

    private (int[] Counts, ulong[] Present) Counters()
    {
        if (_counts is null || _present is null || _counts.Length < Terms.Count)
            (_counts, _present) = (new int[Terms.Count], new ulong[(Terms.Count + 63) / 64]);
        return (_counts, _present);
    }

    /// <summary>The weights of terms; sets their counts back to 0.</summary>
    private float[] Weigh(int[] indices, int[] counts)
    {
        var values = new float[indices.Length];
        var squares = 0.0;
        for (var k = 0; k < indices.Length; k++)
        {
            var count = counts[indices[k]];
            counts[indices[k]] = 0;
            values[k] = (count < Dampened.Length ? Dampened[count] : Dampen(count)) * _inverseFrequencies[indices[k]];
            squares += values[k] * values[k];
        }

        var scale = squares > 0 ? (float)(1 / Math.Sqrt(squares)) : 0;
        for (var k = 0; k < values.Length; k++)
            values[k] *= scale;
        return values;
    }
}
