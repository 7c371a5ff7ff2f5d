using Tiebreak.Torch.Operators;
using Tiebreak.Transformers.Sequences;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Layers;

/// <summary>
/// Attention of tokens that see their whole sequence, by libtorch's fused operator: scores never lie in memory as a whole. Sequences of the
/// same length that follow each other, as they do where a batch is sorted, are computed together.
/// </summary>
internal static class FusedAttention
{
    /// <summary>Attends within each sequence; none has a prefix.</summary>
    /// <param name="query">[wanted tokens, heads, dim].</param>
    /// <param name="key">[tokens, key heads, dim]; heads are a multiple of key heads.</param>
    /// <param name="value">[tokens, key heads, dim].</param>
    /// <param name="tokens">Where sequences begin and end.</param>
    /// <param name="scale">Factor of the products of query and key.</param>
    /// <param name="wanted">Whose queries are given.</param>
    /// <returns>[wanted tokens, heads * dim].</returns>
    public static Tensor Attend(Tensor query, Tensor key, Tensor value, PackedTokens tokens, double scale, TokenSelection wanted)
    {
        using var scope = NewDisposeScope();
        var isGrouped = query.shape[1] != key.shape[1];
        var parts = new List<Tensor>();
        for (var (first, next) = (0, 0); first < tokens.Count; first = next)
        {
            var length = tokens.LengthOf(first);
            while (next < tokens.Count && tokens.LengthOf(next) == length)
                next++;
            var (count, start, queries) = (next - first, tokens.StartOf(first), tokens.SelectionOf(first, wanted));
            var mixed = TensorOperators.ScaledDotProductAttention(
                Sequences(query, queries.Start, count, queries.Count),
                Sequences(key, start, count, length),
                Sequences(value, start, count, length),
                scale: scale,
                groupedQueries: isGrouped); // [count, heads, queries, dim]
            parts.Add(mixed.transpose(1, 2).reshape(count * queries.Count, -1));
        }

        return (parts is [var one] ? one : cat(parts)).MoveToOuterDisposeScope();
    }

    /// <returns>[count, heads, length, dim].</returns>
    private static Tensor Sequences(Tensor rows, long start, int count, int length) =>
        rows.narrow(0, start, (long)count * length).view(count, length, rows.shape[1], rows.shape[2]).transpose(1, 2);
}
