using System.Runtime.Intrinsics;

namespace Tiebreak.Torch.Kernels;

/// <summary>A function between linear layers, of eight numbers at once.</summary>
internal interface IActivation
{
    static abstract Vector256<float> Of(Vector256<float> values);
}

/// <summary>x * sigmoid(x).</summary>
internal readonly struct Silu : IActivation
{
    public static Vector256<float> Of(Vector256<float> values) => values / (Vector256<float>.One + Exponential.Of(-values));
}

/// <summary>GELU by its tanh approximation: x (1 + tanh(u)) / 2 with u = sqrt(2 / pi) (x + 0.044715 x³), which is x * sigmoid(2 u).</summary>
internal readonly struct GeluTanh : IActivation
{
    private const float TwiceRoot = 1.5957691f;
    private const float Cubic = 0.044715f;

    public static Vector256<float> Of(Vector256<float> values)
    {
        var twice = values * TwiceRoot * ((values * values * Cubic) + Vector256<float>.One);
        return values / (Vector256<float>.One + Exponential.Of(-twice));
    }
}

/// <summary>
/// x * Phi(x), by the error function of Abramowitz and Stegun 7.1.26, whose error is below 1.5e-7: for results that are rounded coarser.
/// </summary>
internal readonly struct Gelu : IActivation
{
    private const float RootHalf = 0.70710678f;

    public static Vector256<float> Of(Vector256<float> values)
    {
        var size = Vector256.Abs(values) * RootHalf;
        var t = Vector256<float>.One / ((size * 0.3275911f) + Vector256<float>.One);
        var series = Vector256.Create(1.061405429f);
        series = Vector256.FusedMultiplyAdd(series, t, Vector256.Create(-1.453152027f));
        series = Vector256.FusedMultiplyAdd(series, t, Vector256.Create(1.421413741f));
        series = Vector256.FusedMultiplyAdd(series, t, Vector256.Create(-0.284496736f));
        series = Vector256.FusedMultiplyAdd(series, t, Vector256.Create(0.254829592f));
        var upper = series * t * Exponential.Of(-(size * size)) * 0.5f; // 1 - Phi(|x|)
        return values * Vector256.ConditionalSelect(
            Vector256.LessThan(values, Vector256<float>.Zero), upper, Vector256<float>.One - upper);
    }
}
