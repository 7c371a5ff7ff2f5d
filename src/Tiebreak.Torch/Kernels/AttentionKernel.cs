using System.Buffers;
using System.Runtime.Intrinsics;
using Tiebreak.Torch.Quantization;
using TorchSharp;

namespace Tiebreak.Torch.Kernels;

/// <summary>
/// Attention of sequences for processors that have AVX2 or AVX-512, computed in float32, or by <see cref="BFloat16Attention"/>: scores of a
/// few queries stay in the core's cache from their product with the keys to that with the values. Query heads that share a key head are
/// rows of the same products, and keys that no query of a block sees are not touched. What a token gets depends on no other query, so that
/// it has the same bits in any batch.
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

    /// <summary>Whether the kernel computes scores of relative positions with these, which <see cref="Takes"/>.</summary>
    public static bool TakesPositions(torch.Tensor query, DistanceColumns columns) =>
        BFloat16Attention.IsSupported && query.dtype is torch.ScalarType.BFloat16 && columns.IsDense;

    /// <summary>softmax(query keyᵀ scale) value, over the keys that each query sees, for each sequence.</summary>
    /// <param name="sequences">All of one type, with the same heads.</param>
    /// <param name="scale">The factor on the scores.</param>
    /// <param name="softcap">Scores become c * tanh(score / c); null: they stay.</param>
    public static void Attend(IReadOnlyList<AttentionSequence> sequences, float scale, float? softcap)
    {
        if (BFloat16Attention.IsSupported && IsBFloat16(sequences))
            AttendInBFloat16(sequences, scale, softcap);
        else if (WideTile.IsSupported)
            AttendWith<WideTile>(sequences, scale, softcap);
        else
            AttendWith<NarrowTile>(sequences, scale, softcap);
    }

    /// <summary>The same in float32, with the instructions that are named.</summary>
    public static void AttendWith<TTile>(IReadOnlyList<AttentionSequence> sequences, float scale, float? softcap)
        where TTile : IFloatTile
    {
        if (sequences.Any(sequence => sequence.Positions is not null))
            throw new ArgumentException("Relative positions are for products of bfloat16.", nameof(sequences));
        if (IsBFloat16(sequences))
            Attend<BFloat16Format>(sequences, scale, softcap, Attend<TTile, BFloat16Format>);
        else
            Attend<Float32Format>(sequences, scale, softcap, Attend<TTile, Float32Format>);
    }

    /// <summary>The same with products of bfloat16, of sequences of that type.</summary>
    public static void AttendInBFloat16(IReadOnlyList<AttentionSequence> sequences, float scale, float? softcap) =>
        Attend<BFloat16Format>(sequences, scale, softcap, BFloat16Attention.Attend);

    private static bool IsBFloat16(IReadOnlyList<AttentionSequence> sequences) =>
        sequences.Count > 0 && sequences[0].Query.dtype is torch.ScalarType.BFloat16;

    // A piece of work is some queries of the heads that share one key head; it lays out the keys and values that they see by itself.
    private static void Attend<TFormat>(
        IReadOnlyList<AttentionSequence> sequences, float scale, float? softcap, Action<AttentionPiece> attend)
        where TFormat : IElementFormat
    {
        foreach (var sequence in sequences)
            sequence.Check();
        var threads = torch.get_num_threads();
        var heads = sequences.Sum(sequence => sequence.Key.shape[1]);
        var shares = (int)((PiecesOfThread * threads + heads - 1) / Math.Max(1, heads)); // of the queries of a sequence
        var pieces = new List<AttentionPiece>();
        foreach (var sequence in sequences)
        {
            var (shape, addresses) = (AttentionShape.Of(sequence), AttentionAddresses.Of<TFormat>(sequence));
            var ofShare = Math.Max(1, (sequence.Queries + shares - 1) / shares);
            for (var first = 0; first < sequence.Queries; first += ofShare)
            {
                for (var head = 0; head < shape.KeyHeads; head++)
                {
                    pieces.Add(new AttentionPiece(
                        addresses, shape, first, Math.Min(ofShare, sequence.Queries - first), head, scale, softcap));
                }
            }
        }

        _ = Parallel.For(0, pieces.Count, new ParallelOptions { MaxDegreeOfParallelism = threads }, i => attend(pieces[i]));
        GC.KeepAlive(sequences);
    }

    private static void Attend<TTile, TFormat>(AttentionPiece piece)
        where TTile : IFloatTile
        where TFormat : IElementFormat
    {
        var shape = piece.Shape;
        var (seen, afterLast) = piece.Keys;
        var firstKey = seen / TTile.Columns * TTile.Columns;
        var (count, dim) = (afterLast - firstKey, shape.Dim);
        var padded = Padded<TTile>(count);
        var panels = ArrayPool<float>.Shared.Rent((padded * dim) + (count * Padded<TTile>(dim)));
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

    private static int Padded<TTile>(int count)
        where TTile : IFloatTile =>
        (count + TTile.Columns - 1) / TTile.Columns * TTile.Columns;

    // As many keys beside each other as a tile has columns, one element after the other; keys beyond the end are zeros.
    private static void PackKeys<TTile, TFormat>(byte* keys, AttentionShape shape, int count, float* panels)
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
                    TTile.Transpose(rows + i, shape.Dim, panel + (i * TTile.Columns), TTile.Columns);
            }
        }

        ArrayPool<float>.Shared.Return(scratch);
    }

    // As many elements of one value after the other as a tile has columns, in the order in which a tile of results reads them.
    private static void PackValues<TTile, TFormat>(byte* values, AttentionShape shape, int count, float* panels)
        where TTile : IFloatTile
        where TFormat : IElementFormat
    {
        var width = Padded<TTile>(shape.Dim);
        for (var key = 0; key < count; key++)
        {
            var value = values + ((long)key * shape.KeyHeads * shape.Dim * TFormat.Size);
            for (var i = 0; i < width; i += Lanes)
            {
                var elements = i < shape.Dim ? TFormat.Load(value + (i * TFormat.Size)) : Vector256<float>.Zero;
                var panel = panels + ((i - (i % TTile.Columns)) * count) + (key * TTile.Columns);
                elements.Store(panel + (i % TTile.Columns));
            }
        }
    }

    private static void AttendBlock<TTile, TFormat>(AttentionPiece block, Panels panels)
        where TTile : IFloatTile
        where TFormat : IElementFormat
    {
        var shape = block.Shape;
        var (dim, width) = (shape.Dim, Padded<TTile>(shape.Dim));
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
            {
                AttentionRow.Finish(scores + ((long)row * stride), block, row, firstKey, keys);
                sums[row] = TTile.ToShares(scores + ((long)row * stride), keys);
            }

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
                AttentionRow.Divide<TFormat>(results + (row * width), sums[row], dim, place);
            }
        }

        ArrayPool<float>.Shared.Return(scratch);
    }

    private static void ReadRow<TFormat>(byte* row, int dim, float scale, float* target)
        where TFormat : IElementFormat
    {
        for (var i = 0; i < dim; i += Lanes)
            (TFormat.Load(row + (i * TFormat.Size)) * scale).Store(target + i);
    }

    /// <summary>The keys and values that a piece of work sees, laid out for tiles.</summary>
    private readonly struct Panels(float* keys, float* values, int firstKey, int count)
    {
        public readonly float* Keys = keys;
        public readonly float* Values = values;
        public readonly int FirstKey = firstKey;
        public readonly int Count = count;
    }
}
