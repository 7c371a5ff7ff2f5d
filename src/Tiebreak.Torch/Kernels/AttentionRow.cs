using System.Runtime.Intrinsics;
using Tiebreak.Torch.Quantization;

namespace Tiebreak.Torch.Kernels;

/// <summary>What is done with the scores and the results of one query head, however they are multiplied.</summary>
internal static unsafe class AttentionRow
{
    private const int Lanes = 8;
    private const int WideLanes = 16;

    /// <summary>Adds what the sequence adds to scores, caps them, and hides keys that the query does not see.</summary>
    /// <param name="scores">Of the keys from <paramref name="firstKey"/> on, scaled.</param>
    /// <param name="block">The queries.</param>
    /// <param name="row">Which of its rows.</param>
    /// <param name="firstKey">A key that no query of the block lies before.</param>
    /// <param name="count">How many scores; a multiple of sixteen.</param>
    public static void Finish(float* scores, in AttentionPiece block, int row, int firstKey, int count)
    {
        var (shape, query) = (block.Shape, block.QueryOf(row));
        var (first, after) = (shape.View.FirstKey(query) - firstKey, shape.View.AfterLastKey(query, shape.Length) - firstKey);
        if (block.Addresses.Bias is not null)
        {
            var bias = block.Addresses.Bias + ((((long)block.HeadOf(row) * shape.Queries) + query) * shape.Length) + firstKey;
            var key = first;
            for (; key <= after - Lanes; key += Lanes)
                (Vector256.Load(scores + key) + Vector256.Load(bias + key)).Store(scores + key);
            for (; key < after; key++)
                scores[key] += bias[key];
        }

        if (block.Softcap is { } cap)
            Softcap.Apply(scores, count, cap);
        Hide(scores, first, after, count);
    }

    // With vectors as wide as those that read the scores next: smaller ones would hold those up.
    private static void Hide(float* scores, int first, int after, int count)
    {
        var hidden = Vector512.Create(float.NegativeInfinity);
        for (var i = 0; i < first; i += WideLanes)
        {
            var isBefore = Vector512.LessThan(Vector512<int>.Indices + Vector512.Create(i), Vector512.Create(first)).AsSingle();
            Vector512.ConditionalSelect(isBefore, hidden, Vector512.Load(scores + i)).Store(scores + i);
        }

        for (var i = after / WideLanes * WideLanes; i < count; i += WideLanes)
        {
            var isSeen = Vector512.LessThan(Vector512<int>.Indices + Vector512.Create(i), Vector512.Create(after)).AsSingle();
            Vector512.ConditionalSelect(isSeen, Vector512.Load(scores + i), hidden).Store(scores + i);
        }
    }

    /// <summary>Writes a result: a mixture of values by the sum of their shares.</summary>
    public static void Divide<TFormat>(float* mixture, float sum, int dim, byte* target)
        where TFormat : IElementFormat
    {
        var divisor = Vector256.Create(sum);
        for (var i = 0; i < dim; i += Lanes)
            TFormat.Store(Vector256.Load(mixture + i) / divisor, target + (i * TFormat.Size));
    }

    /// <summary>The largest of sixteen numbers; NaN may be lost.</summary>
    public static float Largest(Vector512<float> values)
    {
        var eight = Vector256.MaxNative(values.GetLower(), values.GetUpper());
        var four = Vector128.MaxNative(eight.GetLower(), eight.GetUpper());
        var two = Vector128.MaxNative(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return Vector128.MaxNative(two, Vector128.Shuffle(two, Vector128.Create(1, 0, 3, 2)))[0];
    }
}
