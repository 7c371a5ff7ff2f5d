using System.Runtime.Intrinsics;
using Tiebreak.Torch.Quantization;
using TorchSharp;

namespace Tiebreak.Torch.Kernels;

/// <summary>
/// The gate of a feed-forward part (https://arxiv.org/abs/2002.05202): activation(gate) * up in one pass, with both activations of the
/// form x * sigmoid(f(x)).
/// </summary>
internal static unsafe class GateKernel
{
    private const int Lanes = 8;

    // GELU's tanh approximation, x (1 + tanh(u)) / 2 with u = sqrt(2 / pi) (x + 0.044715 x³), is x * sigmoid(2 u).
    private const float TwiceRoot = 1.5957691f;
    private const float Cubic = 0.044715f;

    /// <summary>Whether the kernel computes these.</summary>
    public static bool Takes(torch.Tensor gate, torch.Tensor up) =>
        Vector256.IsHardwareAccelerated && gate.dtype == up.dtype && gate.numel() == up.numel() && gate.shape[^1] % Lanes == 0
        && TensorMemory.IsPlain(gate) && TensorMemory.IsPlain(up);

    /// <summary>SiLU(gate) * up, or GELU (by tanh) instead of SiLU; computed in float32, rounded once.</summary>
    /// <param name="gate">[tokens, size]; gets the result.</param>
    /// <param name="up">[tokens, size].</param>
    /// <param name="isGelu">GELU instead of SiLU.</param>
    public static void Multiply(torch.Tensor gate, torch.Tensor up, bool isGelu)
    {
        if (gate.dtype is torch.ScalarType.BFloat16)
            Multiply<BFloat16Format>(gate, up, isGelu);
        else
            Multiply<Float32Format>(gate, up, isGelu);
    }

    private static void Multiply<TFormat>(torch.Tensor gate, torch.Tensor up, bool isGelu)
        where TFormat : IElementFormat
    {
        byte* gates = (byte*)TensorMemory.Address<TFormat>(gate), ups = (byte*)TensorMemory.Address<TFormat>(up);
        var width = (int)gate.shape[^1];
        TensorMemory.InParallel(gate.numel() / width, width, row =>
        {
            for (var i = row * width; i < (row + 1) * width; i += Lanes)
            {
                var value = TFormat.Load(gates + (i * TFormat.Size));
                var exponent = isGelu ? value * TwiceRoot * ((value * value * Cubic) + Vector256<float>.One) : value;
                var activated = value / (Vector256<float>.One + Exponential.Of(-exponent));
                TFormat.Store(activated * TFormat.Load(ups + (i * TFormat.Size)), gates + (i * TFormat.Size));
            }
        });
    }
}
