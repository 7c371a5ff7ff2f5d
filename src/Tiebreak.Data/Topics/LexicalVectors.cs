using System.Numerics.Tensors;
using Tiebreak.Text;

namespace Tiebreak.Data.Topics;

/// <summary>
/// Vectors of texts by their words, for texts that no embedder reads: TF-IDF weights of all words, added up in fewer places by the words'
/// hashes, with signs (feature hashing, Weinberger et al., ICML 2009), and scaled to length 1.
/// </summary>
internal static class LexicalVectors
{
    private const int Places = 512; // a power of two

    /// <summary>Makes a vector for each text. Texts that share no weighty word with another may all have the same one.</summary>
    public static float[][] Of(IReadOnlyList<string> texts)
    {
        var counts = texts.Select(Count).ToList();
        var frequencies = counts.SelectMany(count => count.Keys).CountBy(word => word).ToDictionary();
        return [.. counts.Select(count => VectorOf(count, frequencies, texts.Count))];
    }

    private static float[] VectorOf(Dictionary<ulong, int> count, Dictionary<ulong, int> frequencies, int texts)
    {
        var vector = new float[Places];
        foreach (var (word, times) in count)
        {
            var weight = (float)((1 + Math.Log(times)) * Math.Log((double)texts / frequencies[word]));
            vector[word % Places] += (word & (1UL << 40)) == 0 ? weight : -weight;
        }

        var length = TensorPrimitives.Norm<float>(vector);
        if (length > 0)
            TensorPrimitives.Divide(vector, length, vector);
        else
            vector[0] = 1;
        return vector;
    }

    private static Dictionary<ulong, int> Count(string text)
    {
        var counts = new Dictionary<ulong, int>();
        using var words = WordScan.Of(text);
        foreach (var word in words.Hashes)
            counts[word] = counts.GetValueOrDefault(word) + 1;
        return counts;
    }
}
