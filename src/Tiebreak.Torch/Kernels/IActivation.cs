using System.Runtime.Intrinsics;

namespace Tiebreak.Torch.Kernels;

/// <summary>A function between linear layers, of sixteen numbers at once; where there is no AVX-512 it is emulated.</summary>
internal interface IActivation
{
    static abstract Vector512<float> Of(Vector512<float> values);
}

/// <summary>x * sigmoid(x).</summary>
internal readonly struct Silu : IActivation
{
    public static Vector512<float> Of(Vector512<float> values) => values / (Vector512<float>.One + Exponential.Of(-values));
}

/// <summary>GELU by its tanh approximation: x (1 + tanh(u)) / 2 with u = sqrt(2 / pi) (x + 0.044715 x³), which is x * sigmoid(2 u).</summary>
internal readonly struct GeluTanh : IActivation
{
    private const float TwiceRoot = 1.5957691f;
    private const float Cubic = 0.044715f;

    public static Vector512<float> Of(Vector512<float> values)
    {
        var twice = values * TwiceRoot * ((values * values * Cubic) + Vector512<float>.One);
        return values / (Vector512<float>.One + Exponential.Of(-twice));
    }
}

/// <summary>
/// x * Phi(x), by the error function of Abramowitz and Stegun 7.1.26, whose error is below 1.5e-7: for results that are rounded coarser.
/// </summary>
internal readonly struct Gelu : IActivation
{
    private const float RootHalf = 0.70710678f;

    public static Vector512<float> Of(Vector512<float> values)
    {
        var size = Vector512.Abs(values) * RootHalf;
        var t = Vector512<float>.One / Vector512.FusedMultiplyAdd(size, Vector512.Create(0.3275911f), Vector512<float>.One);
        var series = Vector512.Create(1.061405429f);
        series = Vector512.FusedMultiplyAdd(series, t, Vector512.Create(-1.453152027f));
        series = Vector512.FusedMultiplyAdd(series, t, Vector512.Create(1.421413741f));
        series = Vector512.FusedMultiplyAdd(series, t, Vector512.Create(-0.284496736f));
        series = Vector512.FusedMultiplyAdd(series, t, Vector512.Create(0.254829592f));
        var upper = series * t * Exponential.Of(-(size * size)) * 0.5f; // 1 - Phi(|x|)
        var isNegative = Vector512.LessThan(values, Vector512<float>.Zero);
        return values * Vector512.ConditionalSelect(isNegative, upper, Vector512<float>.One - upper);
    }
}
