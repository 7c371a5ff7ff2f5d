using System.Runtime.Intrinsics;
using Tiebreak.Torch.Quantization;
using TorchSharp;

namespace Tiebreak.Torch.Kernels;

/// <summary>
/// Rotary position embedding (https://arxiv.org/abs/2104.09864) of heads whose first half is turned against the second, in place and in one
/// pass, where operators of libtorch take six.
/// </summary>
internal static unsafe class RotaryKernel
{
    private const int Lanes = 8;

    /// <summary>Whether the kernel computes these.</summary>
    /// <param name="heads">[tokens, heads, size].</param>
    /// <param name="cos">[tokens, 1, dimension / 2].</param>
    public static bool Takes(torch.Tensor heads, torch.Tensor cos) =>
        Vector256.IsHardwareAccelerated && cos.shape[2] % Lanes == 0 && TensorMemory.IsPlain(heads) && TensorMemory.IsPlain(cos);

    /// <summary>Turns the first dimension elements of each head; computed in float32.</summary>
    /// <param name="heads">[tokens, heads, size]; gets the result.</param>
    /// <param name="cos">float32 [tokens, 1, dimension / 2].</param>
    /// <param name="sin">float32 [tokens, 1, dimension / 2].</param>
    public static void Rotate(torch.Tensor heads, torch.Tensor cos, torch.Tensor sin)
    {
        if (heads.dtype is torch.ScalarType.BFloat16)
            Rotate<BFloat16Format>(heads, cos, sin);
        else
            Rotate<Float32Format>(heads, cos, sin);
    }

    private static void Rotate<TFormat>(torch.Tensor heads, torch.Tensor cos, torch.Tensor sin)
        where TFormat : IElementFormat
    {
        var (count, size, half) = ((int)heads.shape[1], (int)heads.shape[2], (int)cos.shape[2]);
        var elements = (byte*)TensorMemory.Address<TFormat>(heads);
        float* cosines = (float*)TensorMemory.Address<Float32Format>(cos), sines = (float*)TensorMemory.Address<Float32Format>(sin);
        TensorMemory.InParallel(heads.shape[0], count * size, token =>
        {
            for (var head = 0; head < count; head++)
            {
                var place = elements + (((token * count) + head) * size * TFormat.Size);
                RotateHead<TFormat>(place, half, cosines + (token * half), sines + (token * half));
            }
        });
    }

    private static void RotateHead<TFormat>(byte* head, int half, float* cosines, float* sines)
        where TFormat : IElementFormat
    {
        for (var i = 0; i < half; i += Lanes)
        {
            byte* left = head + (i * TFormat.Size), right = head + ((half + i) * TFormat.Size);
            var (first, second) = (TFormat.Load(left), TFormat.Load(right));
            var (cos, sin) = (Vector256.Load(cosines + i), Vector256.Load(sines + i));
            TFormat.Store((first * cos) - (second * sin), left);
            TFormat.Store((second * cos) + (first * sin), right);
        }
    }
}
