using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Tiebreak.Text.Similarity;

/// <summary>
/// Finds the signatures that may be similar to a given one without comparing all pairs: signatures are cut into bands of equal length, and
/// those that agree in a whole band are candidates (Indyk and Motwani 1998; Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets",
/// section 3.4). A pair of similarity s is a candidate with probability 1 - (1 - s^rows)^bands: see <see cref="RecallAt"/>.
/// Candidates must be verified by the caller. Holds about 40 bytes for each band of each signature (0.7 KB a signature at 0.8). One writer
/// at a time.
/// </summary>
internal sealed class MinHashIndex
{
    /// <summary>Pairs exactly at the threshold are found with at least this probability.</summary>
    public const double LeastRecall = 0.98;

    private readonly Dictionary<ulong, int> _newest = [];
    private readonly List<int> _older = [];

    /// <summary>
    /// Chooses the longest bands, thus the fewest candidates, that find pairs at the threshold with <see cref="LeastRecall"/>.
    /// </summary>
    /// <param name="threshold">The least similarity of interest, above 0 and at most 1.</param>
    public MinHashIndex(double threshold)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(threshold, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threshold, 1);
        Rows = Enumerable.Range(1, 32).LastOrDefault(rows => Recall(threshold, rows) >= LeastRecall, 1);
    }

    /// <summary>Places of a signature in one band.</summary>
    public int Rows { get; }

    /// <summary>Bands in a signature.</summary>
    public int Bands => MinHash.Length / Rows;

    /// <summary>How many signatures have been added.</summary>
    public int Count { get; private set; }

    /// <summary>The probability that a pair of a given Jaccard similarity becomes a candidate.</summary>
    public double RecallAt(double similarity) => Recall(similarity, Rows);

    /// <summary>Adds a signature.</summary>
    /// <returns>Its number: 0, 1, 2... in order of addition.</returns>
    public int Add(ReadOnlySpan<uint> signature)
    {
        for (var band = 0; band < Bands; band++)
        {
            var key = Key(signature, band);
            _older.Add(_newest.GetValueOrDefault(key, -1)); // a bucket is a chain from its newest signature to the oldest
            _newest[key] = Count;
        }

        return Count++;
    }

    /// <summary>Collects the numbers of the signatures that agree with one in some band, each once, in ascending order.</summary>
    /// <param name="signature">The signature to look up; it need not have been added.</param>
    /// <param name="candidates">Cleared, then filled.</param>
    public void Find(ReadOnlySpan<uint> signature, SortedSet<int> candidates)
    {
        candidates.Clear();
        for (var band = 0; band < Bands; band++)
        {
            for (var i = _newest.GetValueOrDefault(Key(signature, band), -1); i >= 0; i = _older[(i * Bands) + band])
                candidates.Add(i);
        }
    }

    private static double Recall(double similarity, int rows) => 1 - Math.Pow(1 - Math.Pow(similarity, rows), MinHash.Length / rows);

    private ulong Key(ReadOnlySpan<uint> signature, int band) =>
        XxHash3.HashToUInt64(MemoryMarshal.AsBytes(signature.Slice(band * Rows, Rows)), band);
}
