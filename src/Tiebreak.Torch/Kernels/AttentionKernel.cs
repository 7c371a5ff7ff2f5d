using System.Buffers;
using System.Runtime.Intrinsics;
using Tiebreak.Torch.Quantization;
using TorchSharp;

namespace Tiebreak.Torch.Kernels;

/// <summary>
/// Attention of one sequence in float32 for processors that have AVX2 or AVX-512: scores of a few queries stay in the core's cache from
/// their product with the keys to that with the values. Query heads that share a key head are rows of the same products, and keys that no
/// query of a block sees are not touched. What a token gets depends on no other query, so that it has the same bits in any batch.
/// </summary>
internal static unsafe class AttentionKernel
{
    private const int Lanes = 8;
    private const int DimensionStep = 16;
    private const int BlockRows = 48; // with 2,048 keys their scores take 400 kB

    // Rows of scores that lie a power of two apart would share a few lines of the cache.
    private const int RowGap = 16;

    /// <summary>Whether the processor has what the kernel needs.</summary>
    public static bool IsSupported => WideTile.IsSupported || NarrowTile.IsSupported;

    /// <summary>Whether the kernel computes these.</summary>
    /// <param name="query">[queries, heads, dim].</param>
    /// <param name="key">[length, key heads, dim].</param>
    /// <param name="value">[length, key heads, dim].</param>
    public static bool Takes(torch.Tensor query, torch.Tensor key, torch.Tensor value) =>
        IsSupported && query.dtype is torch.ScalarType.Float32 && query.shape[2] % DimensionStep == 0
        && key.dtype == query.dtype && value.dtype == query.dtype
        && TensorMemory.IsPlain(query) && TensorMemory.IsPlain(key) && TensorMemory.IsPlain(value);

    /// <summary>softmax(query keyᵀ scale) value, over the keys that each query sees.</summary>
    /// <param name="query">[queries, heads, dim]: of tokens that follow each other; float32 or bfloat16.</param>
    /// <param name="key">[length, key heads, dim]: of the whole sequence; key heads divide heads.</param>
    /// <param name="value">[length, key heads, dim]: likewise.</param>
    /// <param name="view">Which keys a query sees.</param>
    /// <param name="scale">The factor on the scores.</param>
    /// <param name="output">[queries, heads * dim], contiguous; gets the result.</param>
    public static void Attend(
        torch.Tensor query, torch.Tensor key, torch.Tensor value, AttentionView view, float scale, torch.Tensor output)
    {
        if (WideTile.IsSupported)
            AttendWith<WideTile>(query, key, value, view, scale, output);
        else
            AttendWith<NarrowTile>(query, key, value, view, scale, output);
    }

    /// <summary>The same, with the instructions that are named.</summary>
    public static void AttendWith<TTile>(
        torch.Tensor query, torch.Tensor key, torch.Tensor value, AttentionView view, float scale, torch.Tensor output)
        where TTile : IFloatTile
    {
        if (query.dtype is torch.ScalarType.BFloat16)
            Attend<TTile, BFloat16Format>(query, key, value, view, scale, output);
        else
            Attend<TTile, Float32Format>(query, key, value, view, scale, output);
    }

    private static void Attend<TTile, TFormat>(
        torch.Tensor query, torch.Tensor key, torch.Tensor value, AttentionView view, float scale, torch.Tensor output)
        where TTile : IFloatTile
        where TFormat : IElementFormat
    {
        var (queries, heads, dim) = ((int)query.shape[0], (int)query.shape[1], (int)query.shape[2]);
        var (length, keyHeads) = ((int)key.shape[0], (int)key.shape[1]);
        if (view.Position < 0 || view.Position + queries > length)
            throw new ArgumentException($"{queries} queries from {view.Position} on do not lie among {length} keys.", nameof(view));
        if (heads % keyHeads != 0 || value.shape[0] != length || output.numel() != query.numel())
            throw new ArgumentException("Heads, values and results do not fit the queries and keys.", nameof(key));

        var shape = new Shape(heads, keyHeads, dim, Padded<TTile>(dim), length, Padded<TTile>(length));
        using var scope = torch.NewDisposeScope();
        var panels = torch.empty([keyHeads, shape.PaddedLength, dim], torch.ScalarType.Float32);
        var values = torch.empty([keyHeads, length, shape.PaddedDim], torch.ScalarType.Float32);
        byte* queryAddress = Address<TFormat>(query), keyAddress = Address<TFormat>(key), valueAddress = Address<TFormat>(value);
        var target = Address<TFormat>(output);
        float* panelAddress = (float*)Address<Float32Format>(panels), packedAddress = (float*)Address<Float32Format>(values);
        var threads = new ParallelOptions { MaxDegreeOfParallelism = torch.get_num_threads() };
        _ = Parallel.For(0, keyHeads, threads, head =>
        {
            var offset = head * dim * TFormat.Size;
            PackKeys<TTile, TFormat>(keyAddress + offset, shape, panelAddress + ((long)head * shape.PaddedLength * dim));
            PackValues<TTile, TFormat>(valueAddress + offset, shape, packedAddress + ((long)head * length * shape.PaddedDim));
        });

        var blockQueries = Math.Max(1, BlockRows / shape.Group);
        var blocks = (queries + blockQueries - 1) / blockQueries;
        _ = Parallel.For(0, keyHeads * blocks, threads, piece =>
        {
            var (head, first) = (piece % keyHeads, piece / keyHeads * blockQueries);
            var block = new Block(first, Math.Min(blockQueries, queries - first), head, view, scale);
            AttendBlock<TTile, TFormat>(
                queryAddress, panelAddress + ((long)head * shape.PaddedLength * dim),
                packedAddress + ((long)head * length * shape.PaddedDim), shape, block, target);
        });
    }

    private static byte* Address<TFormat>(torch.Tensor tensor)
        where TFormat : IElementFormat =>
        (byte*)TensorMemory.Address<TFormat>(tensor);

    private static int Padded<TTile>(int count)
        where TTile : IFloatTile =>
        (count + TTile.Columns - 1) / TTile.Columns * TTile.Columns;

    // As many keys beside each other as a tile has columns, one element after the other; keys beyond the end are zeros.
    private static void PackKeys<TTile, TFormat>(byte* keys, Shape shape, float* panels)
        where TTile : IFloatTile
        where TFormat : IElementFormat
    {
        var scratch = ArrayPool<float>.Shared.Rent(IFloatTile.TransposedRows * shape.Dim);
        fixed (float* rows = scratch)
        {
            for (var first = 0; first < shape.PaddedLength; first += IFloatTile.TransposedRows)
            {
                var count = Math.Clamp(shape.Length - first, 0, IFloatTile.TransposedRows);
                new Span<float>(rows + (count * shape.Dim), (IFloatTile.TransposedRows - count) * shape.Dim).Clear();
                for (var row = 0; row < count; row++)
                    ReadRow<TFormat>(keys + (((long)first + row) * shape.KeyHeads * shape.Dim * TFormat.Size), shape.Dim, 1, rows + (row * shape.Dim));
                var panel = panels + ((long)first / TTile.Columns * TTile.Columns * shape.Dim) + (first % TTile.Columns);
                for (var i = 0; i < shape.Dim; i += IFloatTile.TransposedElements)
                    TTile.Transpose(rows + i, shape.Dim, panel + (i * TTile.Columns));
            }
        }

        ArrayPool<float>.Shared.Return(scratch);
    }

    // As many elements of one value after the other as a tile has columns, in the order in which a tile of results reads them.
    private static void PackValues<TTile, TFormat>(byte* values, Shape shape, float* panels)
        where TTile : IFloatTile
        where TFormat : IElementFormat
    {
        for (long key = 0; key < shape.Length; key++)
        {
            for (var i = 0; i < shape.PaddedDim; i += Lanes)
            {
                var elements = i < shape.Dim
                    ? TFormat.Load(values + (((key * shape.KeyHeads * shape.Dim) + i) * TFormat.Size))
                    : Vector256<float>.Zero;
                var panel = panels + ((long)(i - (i % TTile.Columns)) * shape.Length) + (key * TTile.Columns);
                elements.Store(panel + (i % TTile.Columns));
            }
        }
    }

    private static void AttendBlock<TTile, TFormat>(
        byte* query, float* panels, float* values, Shape shape, Block block, byte* output)
        where TTile : IFloatTile
        where TFormat : IElementFormat
    {
        var (dim, rows, width) = (shape.Dim, block.Queries * shape.Group, shape.PaddedDim);
        var tileRows = (rows + TTile.Rows - 1) / TTile.Rows * TTile.Rows;
        var firstKey = block.View.FirstKey(block.First) / TTile.Columns * TTile.Columns;
        var afterLast = block.View.AfterLastKey(block.First + block.Queries - 1, shape.Length);
        var keys = Padded<TTile>(afterLast - firstKey);
        var stride = keys + RowGap;
        var scratch = ArrayPool<float>.Shared.Rent(tileRows * (stride + dim + width));
        fixed (float* scores = scratch)
        {
            float* scaled = scores + (tileRows * stride), results = scaled + (tileRows * dim);
            var zeros = stackalloc float[TTile.Columns];
            new Span<float>(zeros, TTile.Columns).Clear();
            new Span<float>(scaled, tileRows * dim).Clear(); // rows that fill up the last tile are computed and not written
            for (var row = 0; row < rows; row++)
                ReadRow<TFormat>(query + (block.PlaceOf(row, shape) * dim * TFormat.Size), dim, block.Scale, scaled + (row * dim));
            for (var key = 0; key < keys; key += TTile.Columns)
            {
                var panel = panels + ((long)(firstKey + key) * dim);
                for (var row = 0; row < tileRows; row += TTile.Rows)
                    TTile.MultiplyAdd(scaled + (row * dim), dim, panel, dim, zeros, 0, scores + ((long)row * stride) + key, stride);
            }

            var sums = stackalloc float[tileRows];
            for (var row = 0; row < rows; row++)
            {
                var place = block.First + (row / shape.Group);
                var (first, after) = (block.View.FirstKey(place) - firstKey, block.View.AfterLastKey(place, shape.Length) - firstKey);
                var ofRow = scores + ((long)row * stride);
                new Span<float>(ofRow, first).Fill(float.NegativeInfinity);
                new Span<float>(ofRow + after, keys - after).Fill(float.NegativeInfinity);
                sums[row] = TTile.ToShares(ofRow, keys);
            }

            for (var i = 0; i < width; i += TTile.Columns)
            {
                var panel = values + ((long)i * shape.Length) + ((long)firstKey * TTile.Columns);
                for (var row = 0; row < tileRows; row += TTile.Rows)
                {
                    TTile.MultiplyAdd(
                        scores + ((long)row * stride), stride, panel, afterLast - firstKey, zeros, 0, results + (row * width) + i, width);
                }
            }

            for (var row = 0; row < rows; row++)
                Divide<TFormat>(results + (row * width), sums[row], dim, output + (block.PlaceOf(row, shape) * dim * TFormat.Size));
        }

        ArrayPool<float>.Shared.Return(scratch);
    }

    private static void ReadRow<TFormat>(byte* row, int dim, float scale, float* target)
        where TFormat : IElementFormat
    {
        for (var i = 0; i < dim; i += Lanes)
            (TFormat.Load(row + (i * TFormat.Size)) * scale).Store(target + i);
    }

    private static void Divide<TFormat>(float* row, float sum, int dim, byte* target)
        where TFormat : IElementFormat
    {
        var divisor = Vector256.Create(sum);
        for (var i = 0; i < dim; i += Lanes)
            TFormat.Store(Vector256.Load(row + i) / divisor, target + (i * TFormat.Size));
    }

    private readonly record struct Shape(int Heads, int KeyHeads, int Dim, int PaddedDim, int Length, int PaddedLength)
    {
        /// <summary>Query heads of a key head.</summary>
        public int Group => Heads / KeyHeads;
    }

    /// <summary>Some queries and the heads of one key head.</summary>
    private readonly record struct Block(int First, int Queries, int Head, AttentionView View, float Scale)
    {
        /// <summary>Which of all query heads of all tokens a row is.</summary>
        public long PlaceOf(int row, Shape shape) =>
            (((long)First + (row / shape.Group)) * shape.Heads) + (Head * shape.Group) + (row % shape.Group);
    }
}

/// <summary>Which keys of a sequence its queries see.</summary>
/// <param name="Position">The place of the first query in the sequence.</param>
/// <param name="IsCausal">A query sees no key after it.</param>
/// <param name="Window">A query sees window - 1 keys before it, and after it where attention is not causal; null: all.</param>
internal readonly record struct AttentionView(int Position, bool IsCausal, int? Window)
{
    /// <summary>The first key that a query sees.</summary>
    public int FirstKey(int query) => Window is { } window ? Math.Max(0, Position + query - window + 1) : 0;

    /// <summary>The key after the last one that a query sees.</summary>
    public int AfterLastKey(int query, int length)
    {
        var place = Position + query;
        if (IsCausal)
            return place + 1;
        return Window is { } window ? Math.Min(length, place + window) : length;
    }
}
