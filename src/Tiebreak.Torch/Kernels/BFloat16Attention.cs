using System.Buffers;
using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Tiebreak.Torch.Operators;
using Tiebreak.Torch.Quantization;

namespace Tiebreak.Torch.Kernels;

/// <summary>
/// Pieces of attention by the processor's products of bfloat16. Scores are float32 up to their shares, which are rounded to bfloat16 for
/// the product with the values; that is summed in float32 and divided by the sum of the shares as they were. Blocks of keys begin at fixed
/// places of the sequence, so that what a query gets depends on no other query.
/// </summary>
internal static unsafe class BFloat16Attention
{
    private const int Lanes = 16;
    private const int RowStep = 16; // rows of a product are a multiple, so that few sizes occur
    private const int BlockRows = 48;
    private const int KeyBlock = 64; // of a product with keys
    private const int KeyStep = 2 * Lanes; // keys of a block of queries are a multiple
    private const int ValueBlock = 512; // keys of a product with values
    private const int Pair = 2; // elements that the processor multiplies and adds in one step
    private const float Log2E = 1.44269504f;
    private const int RowGap = 16;

    /// <summary>Whether processor and libtorch have what it needs.</summary>
    public static bool IsSupported => Avx512BW.IsSupported && BFloat16Product.IsAvailable;

    /// <summary>Computes a piece, whose sequence is of bfloat16.</summary>
    public static void Attend(AttentionPiece piece)
    {
        var shape = piece.Shape;
        var (seen, afterLast) = piece.Keys;
        var firstKey = seen / KeyBlock * KeyBlock;
        var (count, dim) = (afterLast - firstKey, shape.Dim);
        var padded = RoundUp(count, KeyBlock);
        var columns = shape.Columns?.Count ?? 0;
        var paddedColumns = RoundUp(columns, KeyBlock);
        var panels = ArrayPool<ushort>.Shared.Rent((2 * (padded + paddedColumns) * dim) + CacheLine.Bytes);
        var byKey = ArrayPool<float>.Shared.Rent(RoundUp(count, RowStep) * WidthOf(columns));
        fixed (ushort* start = panels)
        fixed (float* scores = byKey)
        {
            var keys = CacheLine.Align(start);
            var values = keys + (padded * dim);
            var positions = values + (padded * dim);
            var stride = (nint)shape.KeyHeads * dim;
            var offset = (((long)firstKey * shape.KeyHeads) + piece.Head) * dim;
            PackKeys((ushort*)piece.Addresses.Key + offset, stride, dim, count, keys);
            PackValues((ushort*)piece.Addresses.Value + offset, shape, count, padded, values);
            if (columns > 0)
            {
                var positionQueries = positions + (paddedColumns * dim);
                PackKeys((ushort*)piece.Addresses.PositionKeys + (piece.Head * dim), stride, dim, columns, positions);
                PackKeys((ushort*)piece.Addresses.PositionQueries + (piece.Head * dim), stride, dim, columns, positionQueries);
                ScoreKeys((ushort*)piece.Addresses.Key + offset, stride, dim, count, positionQueries, columns, scores);
            }

            var laidOut = new Panels(keys, values, firstKey, positions, scores);
            var queries = Math.Max(1, BlockRows / shape.Group);
            for (var first = 0; first < piece.Queries; first += queries)
            {
                var block = piece with { First = piece.First + first, Queries = Math.Min(queries, piece.Queries - first) };
                AttendBlock(block, laidOut);
            }
        }

        ArrayPool<ushort>.Shared.Return(panels);
        ArrayPool<float>.Shared.Return(byKey);
        BFloat16Product.Release();
    }

    // Elements from row to row of scores. Few widths, because code is generated for each; and rows that lie a power of two apart would
    // share a few lines of the cache.
    private static int WidthOf(int columns) =>
        columns == 0 ? 0 : (int)BitOperations.RoundUpToPowerOf2((uint)RoundUp(columns, KeyStep)) + RowGap;

    private static int RoundUp(int count, int step) => (count + step - 1) / step * step;

    // [blocks, dim / 2, 64, 2]: pairs of elements are moved as if they were one number. Keys beyond the end are zeros.
    private static void PackKeys(ushort* keys, nint elementStride, int dim, int count, ushort* panels)
    {
        var pairs = dim / Pair;
        var stride = elementStride / Pair;
        var rest = stackalloc float[IFloatTile.TransposedRows * pairs];
        for (var first = 0; first < RoundUp(count, KeyBlock); first += IFloatTile.TransposedRows)
        {
            var source = (float*)keys + (first * stride);
            var sourceStride = stride;
            if (count - first < IFloatTile.TransposedRows)
            {
                new Span<float>(rest, IFloatTile.TransposedRows * pairs).Clear();
                for (var key = 0; key < count - first; key++)
                    new Span<float>(source + (key * stride), pairs).CopyTo(new Span<float>(rest + (key * pairs), pairs));
                source = rest;
                sourceStride = pairs;
            }

            var panel = (float*)panels + ((long)(first / KeyBlock) * KeyBlock * pairs) + (first % KeyBlock);
            for (var i = 0; i < pairs; i += IFloatTile.TransposedElements)
                WideTile.Transpose(source + i, sourceStride, panel + (i * KeyBlock), KeyBlock);
        }
    }

    // [keys / 2, dim, 2], with zeros beyond the end.
    private static void PackValues(ushort* values, AttentionShape shape, int count, int padded, ushort* panel)
    {
        var stride = (nint)shape.KeyHeads * shape.Dim;
        for (var key = 0; key < count; key += Pair)
        {
            ushort* even = values + (key * stride), target = panel + (key * shape.Dim);
            for (var i = 0; i < shape.Dim; i += Lanes)
            {
                var lower = Avx512F.ConvertToVector512UInt32(Vector256.Load(even + i));
                var upper = key + 1 < count ? Avx512F.ConvertToVector512UInt32(Vector256.Load(even + stride + i)) : Vector512<uint>.Zero;
                (lower | (upper << 16)).Store((uint*)(target + (i * Pair)));
            }
        }

        var packed = RoundUp(count, Pair);
        new Span<ushort>(panel + (packed * shape.Dim), (padded - packed) * shape.Dim).Clear();
    }

    // The scores of rows with the columns of panels, with zeros up to a multiple of thirty-two.
    private static void Score(ushort* rows, int count, int dim, ushort* panels, int columns, float* scores)
    {
        for (var column = 0; column < columns; column += KeyBlock)
        {
            var size = new BlockSize(count, Math.Min(KeyBlock, RoundUp(columns - column, KeyStep)), dim, dim, KeyBlock, WidthOf(columns));
            BFloat16Product.Multiply(size, adds: false, rows, panels + (column * dim), scores + column);
        }
    }

    // The scores of keys with relative positions as queries.
    private static void ScoreKeys(ushort* keys, nint stride, int dim, int count, ushort* panels, int columns, float* scores)
    {
        var rows = stackalloc ushort[BlockRows * dim];
        var width = WidthOf(columns);
        for (var first = 0; first < count; first += BlockRows)
        {
            var present = Math.Min(BlockRows, count - first);
            for (var row = 0; row < present; row++)
                new Span<ushort>(keys + ((first + row) * stride), dim).CopyTo(new Span<ushort>(rows + (row * dim), dim));
            var filled = RoundUp(present, RowStep);
            new Span<ushort>(rows + (present * dim), (filled - present) * dim).Clear();
            Score(rows, filled, dim, panels, columns, scores + ((long)first * width));
        }
    }

    private static void AttendBlock(in AttentionPiece block, in Panels panels)
    {
        var (dim, columns) = (block.Shape.Dim, block.Shape.Columns);
        var rows = RoundUp(block.Rows, RowStep);
        var (seen, afterLast) = block.Keys;
        var firstKey = seen / KeyBlock * KeyBlock;
        var skipped = (firstKey - panels.FirstKey) * dim;
        var keys = RoundUp(afterLast - firstKey, KeyStep);
        var (stride, positionWidth) = (WidthOf(keys), WidthOf(columns?.Count ?? 0));
        var scratch = ArrayPool<float>.Shared.Rent((rows * (stride + positionWidth + dim + (dim / Pair))) + CacheLine.Bytes);
        fixed (float* start = scratch)
        {
            var scores = CacheLine.Align(start);
            var byQuery = scores + (rows * stride);
            var mixtures = byQuery + (rows * positionWidth);
            var queries = (ushort*)(mixtures + (rows * dim));
            for (var row = 0; row < block.Rows; row++)
            {
                var query = (ushort*)block.Addresses.Query + (block.PlaceOf(row) * dim);
                new Span<ushort>(query, dim).CopyTo(new Span<ushort>(queries + (row * dim), dim));
            }

            new Span<ushort>(queries + (block.Rows * dim), (rows - block.Rows) * dim).Clear();
            Score(queries, rows, dim, panels.Keys + skipped, keys, scores);
            if (columns is not null)
            {
                Score(queries, rows, dim, panels.PositionKeys, columns.Count, byQuery);
                AddPositions(block, columns, byQuery, panels.ByKey, afterLast, scores, stride);
            }

            var sums = stackalloc float[rows];
            for (var row = 0; row < block.Rows; row++)
                sums[row] = ToShares(scores + ((long)row * stride), block, row, firstKey, keys);

            for (var key = 0; key < keys;)
            {
                var count = Math.Min(ValueBlock - ((firstKey + key) % ValueBlock), keys - key);
                var size = new BlockSize(rows, dim, count, Pair * stride, dim, dim);
                var right = panels.Values + skipped + (key * dim);
                BFloat16Product.Multiply(size, adds: key > 0, (ushort*)scores + key, right, mixtures);
                key += count;
            }

            for (var row = 0; row < block.Rows; row++)
            {
                var target = block.Addresses.Output + (block.PlaceOf(row) * dim * sizeof(ushort));
                AttentionRow.Divide<BFloat16Format>(mixtures + (row * dim), sums[row], dim, target);
            }
        }

        ArrayPool<float>.Shared.Return(scratch);
    }

    // All queries and keys of a sequence see each other where there are relative positions, and every head has keys of its own.
    private static void AddPositions(
        in AttentionPiece block, DistanceColumns columns, float* byQuery, float* byKey, int keys, float* scores, int stride)
    {
        var width = WidthOf(columns.Count);
        var tile = stackalloc float[2 * RelativeTile.Numbers];
        for (var key = 0; key < keys; key += RelativeTile.Size)
        {
            for (var row = 0; row < block.Rows; row += RelativeTile.Size)
            {
                RelativeTile.Sum<Float32Format>(
                    (byte*)(byQuery + (row * width)), (byte*)(byKey + ((long)key * width)), width, columns,
                    block.Shape.View.Position + block.First + row - key, tile, tile + RelativeTile.Numbers);
                for (var i = 0; i < RelativeTile.Size; i++)
                {
                    var target = scores + ((row + i) * stride) + key;
                    (Vector512.Load(target) + Vector512.Load(tile + (i * RelativeTile.Size))).Store(target);
                }
            }
        }
    }

    private static float ToShares(float* scores, in AttentionPiece block, int row, int firstKey, int keys)
    {
        var factor = block.Scale * Log2E;
        if (block.Addresses.Bias is not null || block.Softcap is not null)
        {
            for (var i = 0; i < keys; i += Lanes)
                (Vector512.Load(scores + i) * block.Scale).Store(scores + i);
            factor = Log2E;
        }

        AttentionRow.Finish(scores, block, row, firstKey, keys);
        return ToShares(scores, keys, factor);
    }

    // 2^(factor (score - largest)) of scores, in the same place, but rounded to bfloat16 and so in the first half of it; gives their sum.
    private static float ToShares(float* scores, int count, float factor)
    {
        var (largest0, largest1) = (Vector512.Create(float.NegativeInfinity), Vector512.Create(float.NegativeInfinity));
        for (var i = 0; i < count; i += 2 * Lanes)
        {
            largest0 = Vector512.MaxNative(largest0, Vector512.Load(scores + i)); // NaN may be lost here; its share is NaN, and the sum
            largest1 = Vector512.MaxNative(largest1, Vector512.Load(scores + i + Lanes));
        }

        var most = AttentionRow.Largest(Vector512.MaxNative(largest0, largest1));
        var (factors, offset) = (Vector512.Create(factor), Vector512.Create(-most * factor));
        var upperHalves = (Vector512<ushort>.Indices * 2) + Vector512<ushort>.One;
        Vector512<float> sum0 = default, sum1 = default;
        for (var i = 0; i < count; i += 2 * Lanes)
        {
            var share0 = Exponential.CoarseOfTwo(Avx512F.FusedMultiplyAdd(Vector512.Load(scores + i), factors, offset));
            var share1 = Exponential.CoarseOfTwo(Avx512F.FusedMultiplyAdd(Vector512.Load(scores + i + Lanes), factors, offset));
            sum0 += share0;
            sum1 += share1;
            Avx512BW.PermuteVar32x16x2(Rounded(share0), upperHalves, Rounded(share1)).Store((ushort*)scores + i);
        }

        return Vector512.Sum(sum0 + sum1);
    }

    // Halves go up here: shares have no sign, and NaN shows in the sum.
    private static Vector512<ushort> Rounded(Vector512<float> shares) => (shares.AsUInt32() + Vector512.Create(0x8000u)).AsUInt16();

    /// <summary>What a piece of work sees, laid out for products.</summary>
    private readonly struct Panels(ushort* keys, ushort* values, int firstKey, ushort* positionKeys, float* byKey)
    {
        public readonly ushort* Keys = keys;
        public readonly ushort* Values = values;
        public readonly int FirstKey = firstKey;
        public readonly ushort* PositionKeys = positionKeys;
        public readonly float* ByKey = byKey; // scores of keys with relative positions
    }
}
