using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tiebreak.Torch.Kernels;

/// <summary>Products on AVX2: 6 x 16 sums are twelve registers of sixteen.</summary>
internal readonly unsafe struct NarrowTile : IFloatTile
{
    private const int Lanes = 8;
    private const int Width = 2 * Lanes;

    /// <inheritdoc/>
    public static bool IsSupported => Avx2.IsSupported && Fma.IsSupported;

    /// <inheritdoc/>
    public static int Rows => 6;

    /// <inheritdoc/>
    public static int Columns => Width;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void MultiplyAdd(
        float* left, nint leftStride, float* right, nint inner, float* start, nint startStride, float* target, nint targetStride)
    {
        float* row0 = left, row1 = left + leftStride, row2 = left + (2 * leftStride);
        float* row3 = left + (3 * leftStride), row4 = left + (4 * leftStride), row5 = left + (5 * leftStride);
        Vector256<float> sum00 = default, sum01 = default, sum10 = default, sum11 = default, sum20 = default, sum21 = default;
        Vector256<float> sum30 = default, sum31 = default, sum40 = default, sum41 = default, sum50 = default, sum51 = default;
        for (nint i = 0; i < inner; i++)
        {
            var (first, second) = (Vector256.Load(right), Vector256.Load(right + Lanes));
            right += Width;
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

        Add(sum00, sum01, start, target);
        Add(sum10, sum11, start + startStride, target + targetStride);
        Add(sum20, sum21, start + (2 * startStride), target + (2 * targetStride));
        Add(sum30, sum31, start + (3 * startStride), target + (3 * targetStride));
        Add(sum40, sum41, start + (4 * startStride), target + (4 * targetStride));
        Add(sum50, sum51, start + (5 * startStride), target + (5 * targetStride));
    }

    /// <inheritdoc/>
    public static void Transpose(float* source, nint sourceStride, float* target, nint targetStride)
    {
        for (var row = 0; row < IFloatTile.TransposedRows; row++)
        {
            for (var i = 0; i < IFloatTile.TransposedElements; i++)
                target[(i * targetStride) + row] = source[(row * sourceStride) + i];
        }
    }

    /// <inheritdoc/>
    public static float ToShares(float* scores, int count)
    {
        var largest = Vector256.Create(float.NegativeInfinity);
        for (var i = 0; i < count; i += Lanes)
            largest = Vector256.MaxNative(largest, Vector256.Load(scores + i)); // whether it passes NaN on or not, the sum does
        var most = largest[0];
        for (var lane = 1; lane < Lanes; lane++)
            most = MathF.Max(most, largest[lane]);

        var (offset, sums) = (Vector256.Create(most), Vector256<float>.Zero);
        for (var i = 0; i < count; i += Lanes)
        {
            var share = Exponential.Of(Vector256.Load(scores + i) - offset);
            share.Store(scores + i);
            sums += share;
        }

        return Vector256.Sum(sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(Vector256<float> first, Vector256<float> second, float* start, float* target)
    {
        (Vector256.Load(start) + first).Store(target);
        (Vector256.Load(start + Lanes) + second).Store(target + Lanes);
    }
}
