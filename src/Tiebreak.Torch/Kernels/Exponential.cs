using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tiebreak.Torch.Kernels;

/// <summary>e^x of eight or sixteen numbers at once, within two units in the last place; .NET's own goes through float64.</summary>
internal static class Exponential
{
    // Beyond these the result would be no normal number; what is below becomes 0, what is above stays at the largest.
    private const float Least = -87.3f;
    private const float Largest = 88.3f;

    // ln 2 in two parts: multiples of the first are exact.
    private const float UpperLn2 = 0.693359375f;
    private const float LowerLn2 = -2.12194440e-4f;

    private const float Log2E = 1.44269504f;
    private const int MantissaBits = 23;

    /// <summary>x = n ln 2 + r with |r| at most half of ln 2: 2^n times the Taylor series of e^r, whose next term is below 6e-9.</summary>
    public static Vector256<float> Of(Vector256<float> values)
    {
        // The processor's own instructions ("native") where .NET's would first look for NaN, which the last line does.
        var bounded = Vector256.ClampNative(values, Vector256.Create(Least), Vector256.Create(Largest));
        var whole = Vector256.Round(bounded * Log2E);
        var rest = Vector256.FusedMultiplyAdd(whole, Vector256.Create(-UpperLn2), bounded);
        rest = Vector256.FusedMultiplyAdd(whole, Vector256.Create(-LowerLn2), rest);
        var series = Vector256.Create(1f / 5040);
        series = Vector256.FusedMultiplyAdd(series, rest, Vector256.Create(1f / 720));
        series = Vector256.FusedMultiplyAdd(series, rest, Vector256.Create(1f / 120));
        series = Vector256.FusedMultiplyAdd(series, rest, Vector256.Create(1f / 24));
        series = Vector256.FusedMultiplyAdd(series, rest, Vector256.Create(1f / 6));
        series = Vector256.FusedMultiplyAdd(series, rest, Vector256.Create(0.5f));
        series = Vector256.FusedMultiplyAdd(series, rest, Vector256<float>.One);
        series = Vector256.FusedMultiplyAdd(series, rest, Vector256<float>.One);
        var exponent = Vector256.ShiftLeft(Vector256.ConvertToInt32Native(whole), MantissaBits);
        var result = (series.AsInt32() + exponent).AsSingle();
        var isZero = Vector256.LessThan(values, Vector256.Create(Least));
        return Vector256.ConditionalSelect(Vector256.IsNaN(values), values, Vector256.AndNot(result, isZero));
    }

    /// <summary>The same, of sixteen numbers; where there is no AVX-512 it is emulated.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<float> values)
    {
        // The processor's own instructions ("native") where .NET's would first look for NaN, which the last line does.
        var bounded = Vector512.ClampNative(values, Vector512.Create(Least), Vector512.Create(Largest));
        var whole = Vector512.Round(bounded * Log2E);
        var rest = Vector512.FusedMultiplyAdd(whole, Vector512.Create(-UpperLn2), bounded);
        rest = Vector512.FusedMultiplyAdd(whole, Vector512.Create(-LowerLn2), rest);
        var series = Vector512.Create(1f / 5040);
        series = Vector512.FusedMultiplyAdd(series, rest, Vector512.Create(1f / 720));
        series = Vector512.FusedMultiplyAdd(series, rest, Vector512.Create(1f / 120));
        series = Vector512.FusedMultiplyAdd(series, rest, Vector512.Create(1f / 24));
        series = Vector512.FusedMultiplyAdd(series, rest, Vector512.Create(1f / 6));
        series = Vector512.FusedMultiplyAdd(series, rest, Vector512.Create(0.5f));
        series = Vector512.FusedMultiplyAdd(series, rest, Vector512<float>.One);
        series = Vector512.FusedMultiplyAdd(series, rest, Vector512<float>.One);
        var exponent = Vector512.ShiftLeft(Vector512.ConvertToInt32Native(whole), MantissaBits);
        var result = (series.AsInt32() + exponent).AsSingle();
        var isZero = Vector512.LessThan(values, Vector512.Create(Least));
        return Vector512.ConditionalSelect(Vector512.IsNaN(values), values, Vector512.AndNot(result, isZero));
    }

    /// <summary>
    /// 2^x of sixteen numbers within 3e-6 of it, for results that are rounded to bfloat16; needs AVX-512. What is below -200 becomes 0.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> CoarseOfTwo(Vector512<float> values)
    {
        // The processor's own maximum gives its second operand where one is NaN. The series is the polynomial whose largest relative error
        // from -1/2 to 1/2 is least (found by Remez's exchange).
        var bounded = Avx512F.Max(Vector512.Create(-200f), values);
        var whole = Avx512F.RoundScale(bounded, 0);
        var rest = bounded - whole;
        var series = Vector512.Create(0.00957010191f);
        series = Vector512.FusedMultiplyAdd(series, rest, Vector512.Create(0.0559178603f));
        series = Vector512.FusedMultiplyAdd(series, rest, Vector512.Create(0.240247448f));
        series = Vector512.FusedMultiplyAdd(series, rest, Vector512.Create(0.693121815f));
        series = Vector512.FusedMultiplyAdd(series, rest, Vector512.Create(0.999999261f));
        return Avx512F.Scale(series, whole);
    }
}
