using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Tiebreak.Torch.Quantization;
using TorchSharp;

namespace Tiebreak.Torch.Kernels;

/// <summary>
/// Attention of one sequence in float32 for processors that have AVX2 and no AVX-512: scores of a few queries stay in the core's cache from
/// their product with the keys to that with the values. Query heads that share a key head are rows of the same products, and keys that no
/// query of a block sees are not touched. What a token gets depends on no other query, so that it has the same bits in any batch.
/// </summary>
internal static unsafe class AttentionKernel
{
    private const int Lanes = 8;
    private const int PanelKeys = 16; // keys of a tile of scores, and elements of a tile of results
    private const int TileRows = 6; // 6 x 16 sums are twelve registers of sixteen
    private const int BlockRows = 48; // with 2,048 keys their scores take 400 kB

    // Rows of scores that lie a power of two apart would share a few lines of the cache.
    private const int RowGap = 16;

    /// <summary>Whether this is the fastest attention in float32 here.</summary>
    public static bool IsFastest { get; } = Avx2.IsSupported && Fma.IsSupported && !Avx512F.IsSupported;

    /// <summary>Whether the kernel computes these.</summary>
    /// <param name="query">[queries, heads, dim].</param>
    /// <param name="key">[length, key heads, dim].</param>
    /// <param name="value">[length, key heads, dim].</param>
    public static bool Takes(torch.Tensor query, torch.Tensor key, torch.Tensor value) =>
        IsFastest && query.dtype is torch.ScalarType.Float32 && query.shape[2] % PanelKeys == 0
        && TensorMemory.IsPlain(query) && TensorMemory.IsPlain(key) && TensorMemory.IsPlain(value);

    /// <summary>softmax(query keyᵀ scale) value, over the keys that each query sees.</summary>
    /// <param name="query">[queries, heads, dim]: of tokens that follow each other.</param>
    /// <param name="key">[length, key heads, dim]: of the whole sequence; key heads divide heads.</param>
    /// <param name="value">[length, key heads, dim]: likewise.</param>
    /// <param name="view">Which keys a query sees.</param>
    /// <param name="scale">The factor on the scores.</param>
    /// <param name="output">[queries, heads * dim], contiguous; gets the result.</param>
    public static void Attend(
        torch.Tensor query, torch.Tensor key, torch.Tensor value, AttentionView view, float scale, torch.Tensor output)
    {
        var (queries, heads, dim) = ((int)query.shape[0], (int)query.shape[1], (int)query.shape[2]);
        var (length, keyHeads) = ((int)key.shape[0], (int)key.shape[1]);
        if (view.Position < 0 || view.Position + queries > length)
            throw new ArgumentException($"{queries} queries from {view.Position} on do not lie among {length} keys.", nameof(view));
        if (heads % keyHeads != 0 || value.shape[0] != length || output.numel() != query.numel())
            throw new ArgumentException("Heads, values and results do not fit the queries and keys.", nameof(key));

        var shape = new Shape(heads, keyHeads, dim, length, (length + PanelKeys - 1) / PanelKeys * PanelKeys);
        using var scope = torch.NewDisposeScope();
        var panels = torch.empty([keyHeads, shape.PaddedLength, dim], torch.ScalarType.Float32);
        var values = torch.empty([keyHeads, dim / PanelKeys, length, PanelKeys], torch.ScalarType.Float32);
        float* queryAddress = Address(query), keyAddress = Address(key), valueAddress = Address(value), target = Address(output);
        float* panelAddress = Address(panels), packedAddress = Address(values);
        var threads = new ParallelOptions { MaxDegreeOfParallelism = torch.get_num_threads() };
        _ = Parallel.For(0, keyHeads, threads, head =>
        {
            PackKeys(keyAddress + (head * dim), shape, panelAddress + ((long)head * shape.PaddedLength * dim));
            PackValues(valueAddress + (head * dim), shape, packedAddress + ((long)head * length * dim));
        });

        var blockQueries = Math.Max(1, BlockRows / shape.Group);
        var blocks = (queries + blockQueries - 1) / blockQueries;
        _ = Parallel.For(0, keyHeads * blocks, threads, piece =>
        {
            var (head, first) = (piece % keyHeads, piece / keyHeads * blockQueries);
            var block = new Block(first, Math.Min(blockQueries, queries - first), head, view, scale);
            AttendBlock(
                queryAddress, panelAddress + ((long)head * shape.PaddedLength * dim), packedAddress + ((long)head * length * dim), shape,
                block, target);
        });
    }

    private static float* Address(torch.Tensor tensor) => (float*)TensorMemory.Address<Float32Format>(tensor);

    // Sixteen keys beside each other, one element after the other; keys beyond the end are zeros.
    private static void PackKeys(float* keys, Shape shape, float* panels)
    {
        for (var key = 0; key < shape.PaddedLength; key++)
        {
            var panel = panels + ((long)key / PanelKeys * PanelKeys * shape.Dim) + (key % PanelKeys);
            var source = keys + ((long)key * shape.KeyHeads * shape.Dim);
            for (var i = 0; i < shape.Dim; i++)
                panel[i * PanelKeys] = key < shape.Length ? source[i] : 0;
        }
    }

    // Sixteen elements of one value after the other, in the order in which a tile of results reads them.
    private static void PackValues(float* values, Shape shape, float* panels)
    {
        for (long key = 0; key < shape.Length; key++)
        {
            for (var i = 0; i < shape.Dim; i += PanelKeys)
            {
                var source = values + (key * shape.KeyHeads * shape.Dim) + i;
                var panel = panels + ((long)i * shape.Length) + (key * PanelKeys);
                Vector256.Load(source).Store(panel);
                Vector256.Load(source + Lanes).Store(panel + Lanes);
            }
        }
    }

    private static void AttendBlock(float* query, float* panels, float* values, Shape shape, Block block, float* output)
    {
        var (dim, rows) = (shape.Dim, block.Queries * shape.Group);
        var tiles = (rows + TileRows - 1) / TileRows;
        var (firstKey, afterLast) = (
            block.View.FirstKey(block.First) / PanelKeys * PanelKeys,
            block.View.AfterLastKey(block.First + block.Queries - 1, shape.Length));
        var keys = (afterLast - firstKey + PanelKeys - 1) / PanelKeys * PanelKeys;
        var stride = keys + RowGap;
        var scratch = ArrayPool<float>.Shared.Rent(tiles * TileRows * (stride + (2 * dim)));
        fixed (float* scores = scratch)
        {
            float* scaled = scores + (tiles * TileRows * stride), results = scaled + (tiles * TileRows * dim);
            new Span<float>(scaled, tiles * TileRows * dim).Clear(); // rows that fill up the last tile are computed and not written
            ScaleQueries(query, shape, block, scaled);
            for (var key = 0; key < keys; key += PanelKeys)
            {
                var panel = panels + ((long)(firstKey + key) * dim);
                for (var row = 0; row < tiles * TileRows; row += TileRows)
                    MultiplyTile(scaled + (row * dim), dim, panel, dim, scores + ((long)row * stride) + key, stride);
            }

            var sums = stackalloc float[tiles * TileRows];
            for (var row = 0; row < rows; row++)
            {
                var place = block.First + (row / shape.Group);
                var (first, after) = (block.View.FirstKey(place) - firstKey, block.View.AfterLastKey(place, shape.Length) - firstKey);
                sums[row] = ToShares(scores + ((long)row * stride), first, after, keys);
            }

            for (var row = 0; row < tiles * TileRows; row += TileRows)
            {
                for (var i = 0; i < dim; i += PanelKeys)
                {
                    MultiplyTile(
                        scores + ((long)row * stride), stride, values + ((long)i * shape.Length) + ((long)firstKey * PanelKeys),
                        afterLast - firstKey, results + (row * dim) + i, dim);
                }
            }

            for (var row = 0; row < rows; row++)
            {
                var place = (((long)block.First + (row / shape.Group)) * shape.Heads) + (block.Head * shape.Group) + (row % shape.Group);
                Divide(results + (row * dim), sums[row], dim, output + (place * dim));
            }
        }

        ArrayPool<float>.Shared.Return(scratch);
    }

    private static void ScaleQueries(float* query, Shape shape, Block block, float* scaled)
    {
        for (var row = 0; row < block.Queries * shape.Group; row++)
        {
            var place = (((long)block.First + (row / shape.Group)) * shape.Heads) + (block.Head * shape.Group) + (row % shape.Group);
            for (var i = 0; i < shape.Dim; i += Lanes)
                (Vector256.Load(query + (place * shape.Dim) + i) * block.Scale).Store(scaled + (row * shape.Dim) + i);
        }
    }

    /// <summary>Makes e^(score - largest) of the scores from first to after, and zeros of the others.</summary>
    /// <returns>The sum.</returns>
    private static float ToShares(float* scores, int first, int after, int keys)
    {
        new Span<float>(scores, first).Fill(float.NegativeInfinity);
        new Span<float>(scores + after, keys - after).Fill(float.NegativeInfinity);
        var largest = Vector256.Create(float.NegativeInfinity);
        for (var i = 0; i < keys; i += Lanes)
            largest = Vector256.MaxNative(largest, Vector256.Load(scores + i)); // whether it passes NaN on or not, the sum does
        var most = largest[0];
        for (var lane = 1; lane < Lanes; lane++)
            most = MathF.Max(most, largest[lane]);

        var (offset, sums) = (Vector256.Create(most), Vector256<float>.Zero);
        for (var i = 0; i < keys; i += Lanes)
        {
            var share = Exponential.Of(Vector256.Load(scores + i) - offset);
            share.Store(scores + i);
            sums += share;
        }

        return Vector256.Sum(sums);
    }

    private static void Divide(float* row, float sum, int dim, float* target)
    {
        var divisor = Vector256.Create(sum);
        for (var i = 0; i < dim; i += Lanes)
            (Vector256.Load(row + i) / divisor).Store(target + i);
    }

    /// <summary>Six rows times sixteen columns.</summary>
    /// <param name="left">[6, inner], its rows <paramref name="leftStride"/> apart.</param>
    /// <param name="leftStride">Elements from row to row.</param>
    /// <param name="right">[inner, 16].</param>
    /// <param name="inner">How many products a sum has.</param>
    /// <param name="target">[6, 16], its rows <paramref name="targetStride"/> apart.</param>
    /// <param name="targetStride">Elements from row to row.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void MultiplyTile(float* left, nint leftStride, float* right, nint inner, float* target, nint targetStride)
    {
        float* row0 = left, row1 = left + leftStride, row2 = left + (2 * leftStride);
        float* row3 = left + (3 * leftStride), row4 = left + (4 * leftStride), row5 = left + (5 * leftStride);
        Vector256<float> sum00 = default, sum01 = default, sum10 = default, sum11 = default, sum20 = default, sum21 = default;
        Vector256<float> sum30 = default, sum31 = default, sum40 = default, sum41 = default, sum50 = default, sum51 = default;
        for (nint i = 0; i < inner; i++)
        {
            var (first, second) = (Vector256.Load(right), Vector256.Load(right + Lanes));
            right += PanelKeys;
            var number = Vector256.Create(row0[i]);
            sum00 = Fma.MultiplyAdd(number, first, sum00);
            sum01 = Fma.MultiplyAdd(number, second, sum01);
            number = Vector256.Create(row1[i]);
            sum10 = Fma.MultiplyAdd(number, first, sum10);
            sum11 = Fma.MultiplyAdd(number, second, sum11);
            number = Vector256.Create(row2[i]);
            sum20 = Fma.MultiplyAdd(number, first, sum20);
            sum21 = Fma.MultiplyAdd(number, second, sum21);
            number = Vector256.Create(row3[i]);
            sum30 = Fma.MultiplyAdd(number, first, sum30);
            sum31 = Fma.MultiplyAdd(number, second, sum31);
            number = Vector256.Create(row4[i]);
            sum40 = Fma.MultiplyAdd(number, first, sum40);
            sum41 = Fma.MultiplyAdd(number, second, sum41);
            number = Vector256.Create(row5[i]);
            sum50 = Fma.MultiplyAdd(number, first, sum50);
            sum51 = Fma.MultiplyAdd(number, second, sum51);
        }

        sum00.Store(target);
        sum01.Store(target + Lanes);
        sum10.Store(target + targetStride);
        sum11.Store(target + targetStride + Lanes);
        sum20.Store(target + (2 * targetStride));
        sum21.Store(target + (2 * targetStride) + Lanes);
        sum30.Store(target + (3 * targetStride));
        sum31.Store(target + (3 * targetStride) + Lanes);
        sum40.Store(target + (4 * targetStride));
        sum41.Store(target + (4 * targetStride) + Lanes);
        sum50.Store(target + (5 * targetStride));
        sum51.Store(target + (5 * targetStride) + Lanes);
    }

    private readonly record struct Shape(int Heads, int KeyHeads, int Dim, int Length, int PaddedLength)
    {
        /// <summary>Query heads of a key head.</summary>
        public int Group => Heads / KeyHeads;
    }

    /// <summary>Some queries and the heads of one key head.</summary>
    private readonly record struct Block(int First, int Queries, int Head, AttentionView View, float Scale);
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
