using System.Runtime.Intrinsics;
using Tiebreak.Torch.Quantization;
using TorchSharp;

namespace Tiebreak.Torch.Kernels;

/// <summary>
/// Root-mean-square normalisation (https://arxiv.org/abs/1910.07467) of rows, in two passes over a row that stays in the core's cache,
/// where operators of libtorch take five over memory.
/// </summary>
internal static unsafe class RmsNormKernel
{
    private const int Lanes = 8;

    /// <summary>Whether the kernel computes these.</summary>
    public static bool Takes(torch.Tensor input, torch.Tensor weight) =>
        Vector256.IsHardwareAccelerated && input.shape[^1] % Lanes == 0 && input.dtype == weight.dtype
        && TensorMemory.IsPlain(input) && TensorMemory.IsPlain(weight);

    /// <summary>x / sqrt(mean(x²) + epsilon) * (weight + addend), in float32, rounded once.</summary>
    /// <param name="input">[..., width].</param>
    /// <param name="weight">[width].</param>
    /// <param name="epsilon">Added to the mean square.</param>
    /// <param name="addend">Added to the weights: 0, or 1 (Gemma).</param>
    /// <returns>[..., width] of the input's type, in the caller's dispose scope.</returns>
    public static torch.Tensor Normalise(torch.Tensor input, torch.Tensor weight, float epsilon, float addend)
    {
        var output = torch.empty(input.shape, input.dtype);
        if (input.dtype is torch.ScalarType.BFloat16)
            Normalise<BFloat16Format>(input, weight, epsilon, addend, output);
        else
            Normalise<Float32Format>(input, weight, epsilon, addend, output);
        return output;
    }

    private static void Normalise<TFormat>(torch.Tensor input, torch.Tensor weight, float epsilon, float addend, torch.Tensor output)
        where TFormat : IElementFormat
    {
        var width = (int)weight.shape[0];
        byte* source = (byte*)TensorMemory.Address<TFormat>(input), target = (byte*)TensorMemory.Address<TFormat>(output);
        var factors = (byte*)TensorMemory.Address<TFormat>(weight);
        TensorMemory.InParallel(input.numel() / width, width, row =>
        {
            var offset = row * width * TFormat.Size;
            NormaliseRow<TFormat>(source + offset, factors, width, epsilon, addend, target + offset);
        });
    }

    private static void NormaliseRow<TFormat>(byte* row, byte* weight, int width, float epsilon, float addend, byte* target)
        where TFormat : IElementFormat
    {
        Vector256<float> even = default, odd = default;
        var i = 0;
        for (; i <= width - (2 * Lanes); i += 2 * Lanes)
        {
            var (first, second) = (TFormat.Load(row + (i * TFormat.Size)), TFormat.Load(row + ((i + Lanes) * TFormat.Size)));
            even += first * first;
            odd += second * second;
        }

        if (i < width)
        {
            var last = TFormat.Load(row + (i * TFormat.Size));
            even += last * last;
        }

        var inverse = Vector256.Create(1 / MathF.Sqrt((Vector256.Sum(even + odd) / width) + epsilon));
        var addends = Vector256.Create(addend);
        for (i = 0; i < width; i += Lanes)
        {
            var offset = i * TFormat.Size;
            TFormat.Store(TFormat.Load(row + offset) * inverse * (TFormat.Load(weight + offset) + addends), target + offset);
        }
    }
}
