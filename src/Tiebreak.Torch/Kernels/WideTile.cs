using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tiebreak.Torch.Kernels;

/// <summary>Products on AVX-512: 8 x 32 sums are sixteen registers of thirty-two.</summary>
internal readonly unsafe struct WideTile : IFloatTile
{
    private const int Lanes = 16;
    private const int Width = 2 * Lanes;

    /// <inheritdoc/>
    public static bool IsSupported => Avx512F.IsSupported;

    /// <inheritdoc/>
    public static int Rows => 8;

    /// <inheritdoc/>
    public static int Columns => Width;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void MultiplyAdd(
        float* left, nint leftStride, float* right, nint inner, float* start, nint startStride, float* target, nint targetStride)
    {
        float* row0 = left, row1 = left + leftStride, row2 = row1 + leftStride, row3 = row2 + leftStride;
        float* row4 = row3 + leftStride, row5 = row4 + leftStride, row6 = row5 + leftStride, row7 = row6 + leftStride;
        Vector512<float> sum00 = default, sum01 = default, sum10 = default, sum11 = default;
        Vector512<float> sum20 = default, sum21 = default, sum30 = default, sum31 = default;
        Vector512<float> sum40 = default, sum41 = default, sum50 = default, sum51 = default;
        Vector512<float> sum60 = default, sum61 = default, sum70 = default, sum71 = default;
        for (nint i = 0; i < inner; i++)
        {
            var (first, second) = (Vector512.Load(right), Vector512.Load(right + Lanes));
            right += Width;
            var number = Vector512.Create(row0[i]);
            sum00 = Avx512F.FusedMultiplyAdd(number, first, sum00);
            sum01 = Avx512F.FusedMultiplyAdd(number, second, sum01);
            number = Vector512.Create(row1[i]);
            sum10 = Avx512F.FusedMultiplyAdd(number, first, sum10);
            sum11 = Avx512F.FusedMultiplyAdd(number, second, sum11);
            number = Vector512.Create(row2[i]);
            sum20 = Avx512F.FusedMultiplyAdd(number, first, sum20);
            sum21 = Avx512F.FusedMultiplyAdd(number, second, sum21);
            number = Vector512.Create(row3[i]);
            sum30 = Avx512F.FusedMultiplyAdd(number, first, sum30);
            sum31 = Avx512F.FusedMultiplyAdd(number, second, sum31);
            number = Vector512.Create(row4[i]);
            sum40 = Avx512F.FusedMultiplyAdd(number, first, sum40);
            sum41 = Avx512F.FusedMultiplyAdd(number, second, sum41);
            number = Vector512.Create(row5[i]);
            sum50 = Avx512F.FusedMultiplyAdd(number, first, sum50);
            sum51 = Avx512F.FusedMultiplyAdd(number, second, sum51);
            number = Vector512.Create(row6[i]);
            sum60 = Avx512F.FusedMultiplyAdd(number, first, sum60);
            sum61 = Avx512F.FusedMultiplyAdd(number, second, sum61);
            number = Vector512.Create(row7[i]);
            sum70 = Avx512F.FusedMultiplyAdd(number, first, sum70);
            sum71 = Avx512F.FusedMultiplyAdd(number, second, sum71);
        }

        Add(sum00, sum01, start, target);
        Add(sum10, sum11, start + startStride, target + targetStride);
        Add(sum20, sum21, start + (2 * startStride), target + (2 * targetStride));
        Add(sum30, sum31, start + (3 * startStride), target + (3 * targetStride));
        Add(sum40, sum41, start + (4 * startStride), target + (4 * targetStride));
        Add(sum50, sum51, start + (5 * startStride), target + (5 * targetStride));
        Add(sum60, sum61, start + (6 * startStride), target + (6 * targetStride));
        Add(sum70, sum71, start + (7 * startStride), target + (7 * targetStride));
    }

    /// <inheritdoc/>
    public static void Transpose(float* source, nint sourceStride, float* target, nint targetStride)
    {
        // Each quarter of a register is transposed by itself: put there rows that lie four apart.
        var (rows0, rows1) = (FourApart(source, sourceStride), FourApart(source + sourceStride, sourceStride));
        var (rows2, rows3) = (FourApart(source + (2 * sourceStride), sourceStride), FourApart(source + (3 * sourceStride), sourceStride));
        var (lower01, upper01) = (Avx512F.UnpackLow(rows0, rows1).AsDouble(), Avx512F.UnpackHigh(rows0, rows1).AsDouble());
        var (lower23, upper23) = (Avx512F.UnpackLow(rows2, rows3).AsDouble(), Avx512F.UnpackHigh(rows2, rows3).AsDouble());
        Avx512F.UnpackLow(lower01, lower23).AsSingle().Store(target);
        Avx512F.UnpackHigh(lower01, lower23).AsSingle().Store(target + targetStride);
        Avx512F.UnpackLow(upper01, upper23).AsSingle().Store(target + (2 * targetStride));
        Avx512F.UnpackHigh(upper01, upper23).AsSingle().Store(target + (3 * targetStride));
    }

    /// <inheritdoc/>
    public static float ToShares(float* scores, int count)
    {
        var largest = Vector512.Create(float.NegativeInfinity);
        for (var i = 0; i < count; i += Lanes)
            largest = Vector512.MaxNative(largest, Vector512.Load(scores + i)); // whether it passes NaN on or not, the sum does
        var (offset, sums) = (Vector512.Create(AttentionRow.Largest(largest)), Vector512<float>.Zero);
        for (var i = 0; i < count; i += Lanes)
        {
            var share = Exponential.Of(Vector512.Load(scores + i) - offset);
            share.Store(scores + i);
            sums += share;
        }

        return Vector512.Sum(sums);
    }

    private static Vector512<float> FourApart(float* source, nint stride) => Vector512.Create(
        Vector256.Create(Vector128.Load(source), Vector128.Load(source + (4 * stride))),
        Vector256.Create(Vector128.Load(source + (8 * stride)), Vector128.Load(source + (12 * stride))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(Vector512<float> first, Vector512<float> second, float* start, float* target)
    {
        (Vector512.Load(start) + first).Store(target);
        (Vector512.Load(start + Lanes) + second).Store(target + Lanes);
    }
}
