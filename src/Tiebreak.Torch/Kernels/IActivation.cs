using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tiebreak.Torch.Kernels;

/// <summary>A function between linear layers, of sixteen numbers at once; where there is no AVX-512 it is emulated.</summary>
internal interface IActivation
{
    static abstract Vector512<float> Of(Vector512<float> values);
}

/// <summary>x * sigmoid(x).</summary>
internal readonly struct Silu : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<float> values) => values / (Vector512<float>.One + Exponential.Of(-values));
}

/// <summary>
/// GELU by its tanh approximation: x (1 + tanh(u)) / 2 with u = sqrt(2 / pi) (x + 0.044715 x³), which is x * sigmoid(2 u).
/// </summary>
internal readonly struct GeluTanh : IActivation
{
    private const float TwiceRoot = 1.5957691f;
    private const float Cubic = 0.044715f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<float> values)
    {
        var twice = values * TwiceRoot * ((values * values * Cubic) + Vector512<float>.One);
        return values / (Vector512<float>.One + Exponential.Of(-twice));
    }
}

/// <summary>x.</summary>
internal readonly struct Identity : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<float> values) => values;
}

/// <summary>max(x, 0).</summary>
internal readonly struct Relu : IActivation
{
    // The processor's own maximum gives its second operand where one is NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<float> values) => Avx512F.Max(Vector512<float>.Zero, values);
}
