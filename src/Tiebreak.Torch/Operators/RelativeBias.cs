using System.Runtime.Intrinsics;
using Tiebreak.Torch.Kernels;
using Tiebreak.Torch.Quantization;
using TorchSharp;

namespace Tiebreak.Torch.Operators;

/// <summary>
/// What relative positions add to the scores of attention (DeBERTa, https://arxiv.org/abs/2006.03654): each pair of query and key picks one
/// of the query's scores by position and one of the key's. In one pass over memory, where operators of libtorch take five.
/// </summary>
internal static unsafe class RelativeBias
{
    private const int KeyTile = 128; // a cache line of each of these keys' scores stays in the core for the next query

    /// <summary>bias[h, q, k] = (byQuery[h, q, c] + byKey[h, k, c]) * scale, where c is the column of the distance of q from k.</summary>
    /// <param name="byQuery">[heads, queries, columns], contiguous, float32 or bfloat16, on the CPU.</param>
    /// <param name="byKey">[heads, keys, columns], likewise.</param>
    /// <param name="position">The place of the first query among the keys.</param>
    /// <param name="columns">The columns of the distances between keys.</param>
    /// <param name="scale">The factor.</param>
    /// <returns>[heads, queries, keys], float32, in the caller's dispose scope.</returns>
    public static torch.Tensor Sum(torch.Tensor byQuery, torch.Tensor byKey, int position, DistanceColumns columns, float scale)
    {
        var (heads, queries, keys) = (byQuery.shape[0], (int)byQuery.shape[1], (int)byKey.shape[1]);
        if (columns.Length != keys || columns.Count != (int)byQuery.shape[2] || position < 0 || position + queries > keys)
            throw new ArgumentException($"{queries} queries from {position} on do not lie among {keys} keys.", nameof(position));

        var bias = torch.empty([heads, queries, keys], torch.ScalarType.Float32);
        var shape = new Shape(queries, keys, (int)byQuery.shape[2], position, scale);
        if (byQuery.dtype is torch.ScalarType.BFloat16)
            Sum<BFloat16Format>(byQuery, byKey, columns, shape, bias);
        else
            Sum<Float32Format>(byQuery, byKey, columns, shape, bias);
        return bias;
    }

    private static void Sum<TFormat>(torch.Tensor byQuery, torch.Tensor byKey, DistanceColumns columns, Shape shape, torch.Tensor bias)
        where TFormat : IElementFormat
    {
        byte* ofQueries = (byte*)TensorMemory.Address<TFormat>(byQuery), ofKeys = (byte*)TensorMemory.Address<TFormat>(byKey);
        var sums = (float*)TensorMemory.Address(bias);
        var isTiled = WideTile.IsSupported && columns.IsDense
            && Math.Min(shape.Columns, Math.Min(shape.Queries, shape.Keys)) >= RelativeTile.Size;
        TensorMemory.InParallel(byQuery.shape[0], shape.Queries * shape.Keys, head =>
        {
            var byQueryOfHead = ofQueries + (head * shape.Queries * shape.Columns * TFormat.Size);
            var byKeyOfHead = ofKeys + (head * shape.Keys * shape.Columns * TFormat.Size);
            var target = sums + (head * shape.Queries * shape.Keys);
            if (isTiled)
                SumTiles<TFormat>(byQueryOfHead, byKeyOfHead, columns, shape, target);
            else
                SumHead<TFormat>(byQueryOfHead, byKeyOfHead, columns, shape, target);
        });
    }

    private static void SumHead<TFormat>(byte* byQuery, byte* byKey, DistanceColumns columns, Shape shape, float* sums)
        where TFormat : IElementFormat
    {
        for (var start = 0; start < shape.Keys; start += KeyTile)
        {
            var end = Math.Min(shape.Keys, start + KeyTile);
            for (var query = 0; query < shape.Queries; query++)
            {
                // The column depends on the distance alone: those of the next query are the same, moved by one key.
                var columnOfKey = columns.FallingFrom(shape.Position + query);
                var ofQuery = byQuery + ((long)query * shape.Columns * TFormat.Size);
                var target = sums + ((long)query * shape.Keys);
                for (nint key = start; key < end; key++)
                {
                    var column = columnOfKey[key];
                    var ofKey = TFormat.LoadOne(byKey + (((key * shape.Columns) + column) * TFormat.Size));
                    target[key] = (TFormat.LoadOne(ofQuery + (column * TFormat.Size)) + ofKey) * shape.Scale;
                }
            }
        }
    }

    // Tiles at the ends begin within others.
    private static void SumTiles<TFormat>(byte* byQuery, byte* byKey, DistanceColumns columns, Shape shape, float* sums)
        where TFormat : IElementFormat
    {
        var tile = stackalloc float[2 * RelativeTile.Numbers];
        for (var firstKey = 0; firstKey < shape.Keys; firstKey += RelativeTile.Size)
        {
            var key = Math.Min(firstKey, shape.Keys - RelativeTile.Size);
            for (var firstQuery = 0; firstQuery < shape.Queries; firstQuery += RelativeTile.Size)
            {
                var query = Math.Min(firstQuery, shape.Queries - RelativeTile.Size);
                RelativeTile.Sum<TFormat>(
                    byQuery + ((nint)query * shape.Columns * TFormat.Size), byKey + ((nint)key * shape.Columns * TFormat.Size),
                    shape.Columns, columns, shape.Position + query - key, tile, tile + RelativeTile.Numbers);
                for (var i = 0; i < RelativeTile.Size; i++)
                {
                    (Vector512.Load(tile + (i * RelativeTile.Size)) * shape.Scale)
                        .Store(sums + ((nint)(query + i) * shape.Keys) + key);
                }
            }
        }
    }

    private readonly record struct Shape(int Queries, int Keys, int Columns, int Position, float Scale);
}
