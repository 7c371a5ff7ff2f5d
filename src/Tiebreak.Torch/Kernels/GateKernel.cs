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
    private const int Lanes = 16;

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
        if (isGelu)
            Multiply<GeluTanh>(gate, up);
        else
            Multiply<Silu>(gate, up);
    }

    private static void Multiply<TActivation>(torch.Tensor gate, torch.Tensor up)
        where TActivation : IActivation
    {
        if (gate.dtype is torch.ScalarType.BFloat16)
            Multiply<BFloat16Format, TActivation>(gate, up);
        else
            Multiply<Float32Format, TActivation>(gate, up);
    }

    private static void Multiply<TFormat, TActivation>(torch.Tensor gate, torch.Tensor up)
        where TFormat : IElementFormat
        where TActivation : IActivation
    {
        byte* gates = (byte*)TensorMemory.Address<TFormat>(gate), ups = (byte*)TensorMemory.Address<TFormat>(up);
        var width = (int)gate.shape[^1];
        TensorMemory.InParallel(gate.numel() / width, width, row =>
        {
            for (var i = row * width; i < (row + 1) * width; i += Lanes)
            {
                var activated = TActivation.Of(TFormat.LoadSixteen(gates + (i * TFormat.Size)));
                TFormat.Store(activated * TFormat.LoadSixteen(ups + (i * TFormat.Size)), gates + (i * TFormat.Size));
            }
        });
    }
}
