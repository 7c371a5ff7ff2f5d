using System.Runtime.Intrinsics;

namespace Tiebreak.Torch.Kernels;

/// <summary>Soft caps of scores (Gemma 2, https://arxiv.org/abs/2408.00118): c * tanh(score / c).</summary>
internal static unsafe class Softcap
{
    private const int Lanes = 8;

    // Below this 1 - 2 / (e^2x + 1) would lose digits, and four terms of the series of tanh are exact enough.
    private const float SeriesEnd = 0.25f;

    /// <summary>Caps scores where they lie.</summary>
    /// <param name="scores">The scores.</param>
    /// <param name="count">How many; a multiple of eight.</param>
    /// <param name="cap">c.</param>
    public static void Apply(float* scores, int count, float cap)
    {
        for (var i = 0; i < count; i += Lanes)
            (Tanh(Vector256.Load(scores + i) / cap) * cap).Store(scores + i);
    }

    private static Vector256<float> Tanh(Vector256<float> x)
    {
        var square = x * x;
        var series = Vector256.Create(62f / 2835);
        series = Vector256.FusedMultiplyAdd(series, square, Vector256.Create(-17f / 315));
        series = Vector256.FusedMultiplyAdd(series, square, Vector256.Create(2f / 15));
        series = Vector256.FusedMultiplyAdd(series, square, Vector256.Create(-1f / 3));
        var near = Vector256.FusedMultiplyAdd(series * square, x, x);
        var far = Vector256<float>.One - (Vector256.Create(2f) / (Exponential.Of(x + x) + Vector256<float>.One));
        return Vector256.ConditionalSelect(Vector256.LessThan(Vector256.Abs(x), Vector256.Create(SeriesEnd)), near, far);
    }
}
