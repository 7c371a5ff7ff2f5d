using System.Runtime.InteropServices;

namespace Tiebreak.Boosting.TermVectors;

/// <summary>
/// The terms of a collection of texts with their inverse document frequencies, ln((1 + n) / (1 + df)) + 1 as in scikit-learn.
/// </summary>
public sealed class TermVocabulary
{
    // When more different terms than this have been seen, those seen once are forgotten: memory stays below about 500 MB on any data,
    // and a term frequent enough to matter is hardly ever lost.
    private const int MaxCandidates = 4_000_000;

    private readonly Dictionary<string, int> _numbers;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    /// <summary>Creates a vocabulary.</summary>
    /// <param name="kind">What the terms are.</param>
    /// <param name="terms">The terms; their place is their number.</param>
    /// <param name="inverseFrequencies">One per term.</param>
    public TermVocabulary(TermKind kind, IReadOnlyList<string> terms, IReadOnlyList<float> inverseFrequencies)
    {
        Kind = kind;
        Terms = terms;
        InverseFrequencies = inverseFrequencies;
        _numbers = new Dictionary<string, int>(terms.Count, StringComparer.Ordinal);
        for (var i = 0; i < terms.Count; i++)
            _numbers.Add(terms[i], i);
        _lookup = _numbers.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>What the terms are.</summary>
    public TermKind Kind { get; }

    /// <summary>The terms; their place is their number.</summary>
    public IReadOnlyList<string> Terms { get; }

    /// <summary>One per term.</summary>
    public IReadOnlyList<float> InverseFrequencies { get; }

    /// <summary>Collects the most frequent terms of texts.</summary>
    public static TermVocabulary Build(TermKind kind, IEnumerable<string?> texts, TermOptions options)
    {
        var seen = new Dictionary<string, (int Texts, int Last)>(StringComparer.Ordinal);
        var lookup = seen.GetAlternateLookup<ReadOnlySpan<char>>();
        Span<char> buffer = stackalloc char[TermVectors.Terms.BufferSize];
        var count = 0;
        foreach (var text in texts)
        {
            count++;
            foreach (var term in new Terms(text, kind, buffer))
            {
                ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(lookup, term, out _);
                if (entry.Last != count)
                    entry = (entry.Texts + 1, count);
            }

            if (seen.Count > MaxCandidates)
                ForgetRare(seen);
        }

        var kept = seen.Where(entry => entry.Value.Texts >= options.MinTexts)
            .OrderByDescending(entry => entry.Value.Texts).ThenBy(entry => entry.Key, StringComparer.Ordinal)
            .Take(options.MaxTerms)
            .ToList();
        return new TermVocabulary(
            kind,
            [.. kept.Select(entry => entry.Key)],
            [.. kept.Select(entry => (float)(Math.Log((1.0 + count) / (1 + entry.Value.Texts)) + 1))]);
    }

    /// <summary>The TF-IDF vector of a text: (1 + ln count) x inverse frequency, scaled to length 1.</summary>
    public TermVector Vectorise(string? text)
    {
        var counts = new Dictionary<int, int>();
        Span<char> buffer = stackalloc char[TermVectors.Terms.BufferSize];
        foreach (var term in new Terms(text, Kind, buffer))
        {
            if (_lookup.TryGetValue(term, out var number))
                CollectionsMarshal.GetValueRefOrAddDefault(counts, number, out _)++;
        }

        var indices = counts.Keys.ToArray();
        Array.Sort(indices);
        var values = new float[indices.Length];
        var squares = 0.0;
        for (var k = 0; k < indices.Length; k++)
        {
            values[k] = (float)(1 + Math.Log(counts[indices[k]])) * InverseFrequencies[indices[k]];
            squares += values[k] * values[k];
        }

        var scale = squares > 0 ? (float)(1 / Math.Sqrt(squares)) : 0;
        for (var k = 0; k < values.Length; k++)
            values[k] *= scale;
        return new TermVector(indices, values);
    }

    private static void ForgetRare(Dictionary<string, (int Texts, int Last)> seen)
    {
        foreach (var (term, (texts, _)) in seen)
        {
            if (texts == 1)
                seen.Remove(term); // allowed while enumerating since .NET Core 3.0
        }
    }
}
