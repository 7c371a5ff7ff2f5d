using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tiebreak.Torch.Kernels;

/// <summary>
/// GELU, x Phi(x), for results that are rounded to bfloat16: Phi(-|x|) is within 1e-5 by sixteen polynomials of the third degree up to 5,
/// and constant beyond. Needs AVX-512.
/// </summary>
internal readonly struct CoarseGelu : IActivation
{
    private const int Polynomials = 16;
    private const int Degree = 3;
    private const float Largest = 5;
    private const float Scale = (Polynomials - 0.51f) / Largest; // places of polynomials are whole multiples of 1 / Scale

    // With this added a small number is rounded to a whole one, which stands in its last bits.
    private const float Rounder = 1.5f * (1 << 23);

    private static readonly Vector512<float> Constant = Coefficients(0);
    private static readonly Vector512<float> Linear = Coefficients(1);
    private static readonly Vector512<float> Quadratic = Coefficients(2);
    private static readonly Vector512<float> Cubic = Coefficients(Degree);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<float> values)
    {
        var size = Vector512.Abs(values);
        var place = Avx512F.Min(size * Scale, Vector512.Create(Polynomials - 0.51f));
        var rounded = place + Vector512.Create(Rounder);
        var rest = place - (rounded - Vector512.Create(Rounder));
        var number = rounded.AsInt32(); // the instruction looks at the last four bits
        var tail = Avx512F.PermuteVar16x32(Cubic, number);
        tail = Vector512.FusedMultiplyAdd(tail, rest, Avx512F.PermuteVar16x32(Quadratic, number));
        tail = Vector512.FusedMultiplyAdd(tail, rest, Avx512F.PermuteVar16x32(Linear, number));
        tail = Vector512.FusedMultiplyAdd(tail, rest, Avx512F.PermuteVar16x32(Constant, number));

        // Of either sign it is max(x, 0) - |x| Phi(-|x|). The processor's own maximum gives its second operand where one is NaN.
        return Vector512.FusedMultiplyAdd(-size, tail, Avx512F.Max(Vector512<float>.Zero, values));
    }

    // One coefficient of each polynomial: interpolation at Chebyshev's points of its half a step to either side.
    private static Vector512<float> Coefficients(int power)
    {
        Span<float> coefficients = stackalloc float[Polynomials];
        Span<double> points = stackalloc double[Degree + 1], differences = stackalloc double[Degree + 1];
        for (var polynomial = 0; polynomial < Polynomials; polynomial++)
        {
            for (var i = 0; i <= Degree; i++)
            {
                points[i] = Math.Cos(Math.PI * (i + 0.5) / (Degree + 1)) / 2;
                differences[i] = Tail((polynomial + points[i]) / Scale);
            }

            coefficients[polynomial] = (float)Interpolated(points, differences)[power];
        }

        return Vector512.Create<float>(coefficients);
    }

    // Newton's divided differences, multiplied out.
    private static double[] Interpolated(ReadOnlySpan<double> points, Span<double> differences)
    {
        for (var order = 1; order <= Degree; order++)
        {
            for (var i = Degree; i >= order; i--)
                differences[i] = (differences[i] - differences[i - 1]) / (points[i] - points[i - order]);
        }

        var result = new double[Degree + 1];
        for (var i = Degree; i >= 0; i--)
        {
            for (var power = Degree; power > 0; power--)
                result[power] = result[power - 1] - (points[i] * result[power]);
            result[0] = differences[i] - (points[i] * result[0]);
        }

        return result;
    }

    // Phi(-x) by the series of the integral of the normal density.
    private static double Tail(double x)
    {
        var (sum, term) = (0.0, x);
        for (var i = 0; Math.Abs(term) > 1e-17; i++)
        {
            sum += term / ((2 * i) + 1);
            term *= -x * x / (2 * (i + 1));
        }

        return 0.5 - (sum / Math.Sqrt(2 * Math.PI));
    }
}
