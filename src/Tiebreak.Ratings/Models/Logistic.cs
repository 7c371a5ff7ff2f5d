using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tiebreak.Ratings.Models;

/// <summary>The logistic function and its logarithm, exact for large arguments.</summary>
internal static class Logistic
{
    /// <summary>1 / (1 + exp(-x)).</summary>
    public static double Of(double x) => 1 / (1 + Math.Exp(-x));

    /// <summary>The same of eight numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Of(Vector512<double> x) => Vector512<double>.One / (Vector512<double>.One + Exponential.Of(-x));

    /// <summary>ln(1 + exp(x)) = -ln(1 - logistic(x)), given logistic(x).</summary>
    public static double SoftPlus(double x, double logistic) => x > 0 ? x - Math.Log(logistic) : -Math.Log(1 - logistic);
}
