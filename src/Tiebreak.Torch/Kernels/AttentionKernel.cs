using System.Buffers;
using System.Runtime.Intrinsics;
using Tiebreak.Torch.Quantization;
using TorchSharp;

namespace Tiebreak.Torch.Kernels;

/// <summary>
/// Attention of sequences for processors that have AVX2 or AVX-512, computed in float32: scores of a few queries stay in the core's cache
/// from their product with the keys to that with the values. Query heads that share a key head are rows of the same products, and keys that
/// no query of a block sees are not touched. What a token gets depends on no other query, so that it has the same bits in any batch.
/// </summary>
internal static unsafe class AttentionKernel
{
    private const int Lanes = 8;
    private const int DimensionStep = 16;
    private const int BlockRows = 48; // with 2,048 keys their scores take 400 kB
    private const int PiecesOfThread = 4; // so that a thread that is held up leaves work to the others

    // Rows of scores that lie a power of two apart would share a few lines of the cache.
    private const int RowGap = 16;

    /// <summary>Whether the processor has what the kernel needs.</summary>
    public static bool IsSupported => WideTile.IsSupported || NarrowTile.IsSupported;

    /// <summary>Whether the kernel computes these.</summary>
    /// <param name="query">[queries, heads, dim].</param>
    /// <param name="key">[length, key heads, dim].</param>
    /// <param name="value">[length, key heads, dim].</param>
    public static bool Takes(torch.Tensor query, torch.Tensor key, torch.Tensor value) =>
        IsSupported && query.shape[2] % DimensionStep == 0
        && key.dtype == query.dtype && value.dtype == query.dtype
        && TensorMemory.IsPlain(query) && TensorMemory.IsPlain(key) && TensorMemory.IsPlain(value);

    /// <summary>softmax(query keyᵀ scale) value, over the keys that each query sees, for each sequence.</summary>
    /// <param name="sequences">All of one type, with the same heads.</param>
    /// <param name="scale">The factor on the scores.</param>
    /// <param name="softcap">Scores become c * tanh(score / c); null: they stay.</param>
    public static void Attend(IReadOnlyList<AttentionSequence> sequences, float scale, float? softcap)
    {
        if (WideTile.IsSupported)
            AttendWith<WideTile>(sequences, scale, softcap);
        else
            AttendWith<NarrowTile>(sequences, scale, softcap);
    }

    /// <summary>The same, with the instructions that are named.</summary>
    public static void AttendWith<TTile>(IReadOnlyList<AttentionSequence> sequences, float scale, float? softcap)
        where TTile : IFloatTile
    {
        foreach (var sequence in sequences)
            sequence.Check();
        if (sequences.Count > 0 && sequences[0].Query.dtype is torch.ScalarType.BFloat16)
            Attend<TTile, BFloat16Format>(sequences, scale, softcap);
        else
            Attend<TTile, Float32Format>(sequences, scale, softcap);
    }

    // A piece of work is some queries of the heads that share one key head; it lays out the keys and values that they see by itself.
    private static void Attend<TTile, TFormat>(IReadOnlyList<AttentionSequence> sequences, float scale, float? softcap)
        where TTile : IFloatTile
        where TFormat : IElementFormat
    {
        var threads = torch.get_num_threads();
        var heads = sequences.Sum(sequence => sequence.Key.shape[1]);
        var shares = (int)((PiecesOfThread * threads + heads - 1) / Math.Max(1, heads)); // of the queries of a sequence
        var pieces = new List<Piece>();
        foreach (var sequence in sequences)
        {
            var shape = Shape.Of<TTile>(sequence);
            var ofShare = Math.Max(1, (sequence.Queries + shares - 1) / shares);
            var addresses = new Addresses(
                Address<TFormat>(sequence.Query), Address<TFormat>(sequence.Key), Address<TFormat>(sequence.Value),
                sequence.Bias is { } bias ? (float*)Address<Float32Format>(bias) : null, Address<TFormat>(sequence.Output));
            for (var first = 0; first < sequence.Queries; first += ofShare)
            {
                for (var head = 0; head < shape.KeyHeads; head++)
                    pieces.Add(new Piece(addresses, shape, first, Math.Min(ofShare, sequence.Queries - first), head, scale, softcap));
            }
        }

        _ = Parallel.For(0, pieces.Count, new ParallelOptions { MaxDegreeOfParallelism = threads }, i => Attend<TTile, TFormat>(pieces[i]));
        GC.KeepAlive(sequences);
    }

    private static void Attend<TTile, TFormat>(Piece piece)
        where TTile : IFloatTile
        where TFormat : IElementFormat
    {
        var shape = piece.Shape;
        var (seen, afterLast) = piece.Keys;
        var firstKey = seen / TTile.Columns * TTile.Columns;
        var (count, dim) = (afterLast - firstKey, shape.Dim);
        var padded = Padded<TTile>(count);
        var panels = ArrayPool<float>.Shared.Rent((padded * dim) + (count * shape.PaddedDim));
        fixed (float* keys = panels)
        {
            var values = keys + (padded * dim);
            var offset = (((long)firstKey * shape.KeyHeads) + piece.Head) * dim * TFormat.Size;
            PackKeys<TTile, TFormat>(piece.Addresses.Key + offset, shape, count, keys);
            PackValues<TTile, TFormat>(piece.Addresses.Value + offset, shape, count, values);
            var queries = Math.Max(1, BlockRows / shape.Group);
            for (var first = 0; first < piece.Queries; first += queries)
            {
                var block = piece with { First = piece.First + first, Queries = Math.Min(queries, piece.Queries - first) };
                AttendBlock<TTile, TFormat>(block, new Panels(keys, values, firstKey, count));
            }
        }

        ArrayPool<float>.Shared.Return(panels);
    }

    private static byte* Address<TFormat>(torch.Tensor tensor)
        where TFormat : IElementFormat =>
        (byte*)TensorMemory.Address<TFormat>(tensor);

    private static int Padded<TTile>(int count)
        where TTile : IFloatTile =>
        (count + TTile.Columns - 1) / TTile.Columns * TTile.Columns;

    // As many keys beside each other as a tile has columns, one element after the other; keys beyond the end are zeros.
    private static void PackKeys<TTile, TFormat>(byte* keys, Shape shape, int count, float* panels)
        where TTile : IFloatTile
        where TFormat : IElementFormat
    {
        var scratch = ArrayPool<float>.Shared.Rent(IFloatTile.TransposedRows * shape.Dim);
        fixed (float* rows = scratch)
        {
            for (var first = 0; first < Padded<TTile>(count); first += IFloatTile.TransposedRows)
            {
                var present = Math.Clamp(count - first, 0, IFloatTile.TransposedRows);
                new Span<float>(rows + (present * shape.Dim), (IFloatTile.TransposedRows - present) * shape.Dim).Clear();
                for (var row = 0; row < present; row++)
                {
                    var key = keys + (((long)first + row) * shape.KeyHeads * shape.Dim * TFormat.Size);
                    ReadRow<TFormat>(key, shape.Dim, 1, rows + (row * shape.Dim));
                }

                var panel = panels + ((first - (first % TTile.Columns)) * shape.Dim) + (first % TTile.Columns);
                for (var i = 0; i < shape.Dim; i += IFloatTile.TransposedElements)
                    TTile.Transpose(rows + i, shape.Dim, panel + (i * TTile.Columns));
            }
        }

        ArrayPool<float>.Shared.Return(scratch);
    }

    // As many elements of one value after the other as a tile has columns, in the order in which a tile of results reads them.
    private static void PackValues<TTile, TFormat>(byte* values, Shape shape, int count, float* panels)
        where TTile : IFloatTile
        where TFormat : IElementFormat
    {
        for (var key = 0; key < count; key++)
        {
            var value = values + ((long)key * shape.KeyHeads * shape.Dim * TFormat.Size);
            for (var i = 0; i < shape.PaddedDim; i += Lanes)
            {
                var elements = i < shape.Dim ? TFormat.Load(value + (i * TFormat.Size)) : Vector256<float>.Zero;
                var panel = panels + ((i - (i % TTile.Columns)) * count) + (key * TTile.Columns);
                elements.Store(panel + (i % TTile.Columns));
            }
        }
    }

    private static void AttendBlock<TTile, TFormat>(Piece block, Panels panels)
        where TTile : IFloatTile
        where TFormat : IElementFormat
    {
        var shape = block.Shape;
        var (dim, width) = (shape.Dim, shape.PaddedDim);
        var tileRows = (block.Rows + TTile.Rows - 1) / TTile.Rows * TTile.Rows;
        var (seen, afterLast) = block.Keys;

        var skipped = (seen - panels.FirstKey) / TTile.Columns * TTile.Columns;
        var firstKey = panels.FirstKey + skipped;
        var keys = Padded<TTile>(afterLast - firstKey);
        var stride = keys + RowGap;
        var scratch = ArrayPool<float>.Shared.Rent(tileRows * (stride + dim + width));
        fixed (float* scores = scratch)
        {
            float* scaled = scores + (tileRows * stride), results = scaled + (tileRows * dim);
            var zeros = stackalloc float[TTile.Columns];
            new Span<float>(zeros, TTile.Columns).Clear();
            new Span<float>(scaled, tileRows * dim).Clear(); // rows that fill up the last tile are computed and not written
            for (var row = 0; row < block.Rows; row++)
                ReadRow<TFormat>(block.Addresses.Query + (block.PlaceOf(row) * dim * TFormat.Size), dim, block.Scale, scaled + (row * dim));
            for (var key = 0; key < keys; key += TTile.Columns)
            {
                var panel = panels.Keys + ((skipped + key) * dim);
                for (var row = 0; row < tileRows; row += TTile.Rows)
                    TTile.MultiplyAdd(scaled + (row * dim), dim, panel, dim, zeros, 0, scores + ((long)row * stride) + key, stride);
            }

            var sums = stackalloc float[tileRows];
            for (var row = 0; row < block.Rows; row++)
                sums[row] = ToShares<TTile>(scores + ((long)row * stride), block, row, firstKey, keys);

            for (var i = 0; i < width; i += TTile.Columns)
            {
                var panel = panels.Values + (i * panels.Count) + (skipped * TTile.Columns);
                for (var row = 0; row < tileRows; row += TTile.Rows)
                {
                    TTile.MultiplyAdd(
                        scores + ((long)row * stride), stride, panel, afterLast - firstKey, zeros, 0, results + (row * width) + i, width);
                }
            }

            for (var row = 0; row < block.Rows; row++)
            {
                var place = block.Addresses.Output + (block.PlaceOf(row) * dim * TFormat.Size);
                Divide<TFormat>(results + (row * width), sums[row], dim, place);
            }
        }

        ArrayPool<float>.Shared.Return(scratch);
    }

    private static float ToShares<TTile>(float* scores, Piece block, int row, int firstKey, int keys)
        where TTile : IFloatTile
    {
        var query = block.First + (row / block.Shape.Group);
        var (seen, afterLast) = (block.Shape.View.FirstKey(query), block.Shape.View.AfterLastKey(query, block.Shape.Length));
        var (first, after) = (seen - firstKey, afterLast - firstKey);
        if (block.Addresses.Bias is not null)
        {
            var head = (block.Head * block.Shape.Group) + (row % block.Shape.Group);
            var bias = block.Addresses.Bias + ((((long)head * block.Shape.Queries) + query) * block.Shape.Length) + firstKey;
            for (var key = first; key < after; key++)
                scores[key] += bias[key];
        }

        if (block.Softcap is { } cap)
            Softcap.Apply(scores, keys, cap);
        new Span<float>(scores, first).Fill(float.NegativeInfinity);
        new Span<float>(scores + after, keys - after).Fill(float.NegativeInfinity);
        return TTile.ToShares(scores, keys);
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

    /// <summary>Where the elements of a sequence lie; all heads of a token beside each other.</summary>
    private readonly struct Addresses(byte* query, byte* key, byte* value, float* bias, byte* output)
    {
        public readonly byte* Query = query;
        public readonly byte* Key = key;
        public readonly byte* Value = value;
        public readonly float* Bias = bias;
        public readonly byte* Output = output;
    }

    /// <summary>The keys and values that a piece of work sees, laid out for tiles.</summary>
    private readonly struct Panels(float* keys, float* values, int firstKey, int count)
    {
        public readonly float* Keys = keys;
        public readonly float* Values = values;
        public readonly int FirstKey = firstKey;
        public readonly int Count = count;
    }

    private readonly record struct Shape(int Heads, int KeyHeads, int Dim, int PaddedDim, int Queries, int Length, AttentionView View)
    {
        /// <summary>Query heads of a key head.</summary>
        public int Group => Heads / KeyHeads;

        public static Shape Of<TTile>(AttentionSequence sequence)
            where TTile : IFloatTile
        {
            var (heads, dim) = ((int)sequence.Query.shape[1], (int)sequence.Query.shape[2]);
            return new(heads, (int)sequence.Key.shape[1], dim, Padded<TTile>(dim), sequence.Queries, sequence.Length, sequence.View);
        }
    }

    /// <summary>Some queries and the heads of one key head.</summary>
    private readonly record struct Piece(
        Addresses Addresses, Shape Shape, int First, int Queries, int Head, float Scale, float? Softcap)
    {
        /// <summary>Query heads of all these queries.</summary>
        public int Rows => Queries * Shape.Group;

        /// <summary>The first key that a query sees, and the one after the last.</summary>
        public (int First, int AfterLast) Keys => (Shape.View.FirstKey(First), Shape.View.AfterLastKey(First + Queries - 1, Shape.Length));

        /// <summary>Which of all query heads of all tokens a row is.</summary>
        public long PlaceOf(int row) =>
            (((long)First + (row / Shape.Group)) * Shape.Heads) + (Head * Shape.Group) + (row % Shape.Group);
    }
}
