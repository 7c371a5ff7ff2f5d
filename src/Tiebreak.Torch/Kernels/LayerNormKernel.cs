using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Tiebreak.Torch.Quantization;
using TorchSharp;

namespace Tiebreak.Torch.Kernels;

/// <summary>
/// Layer normalisation (https://arxiv.org/abs/1607.06450) of rows, or of the sums of two rows, each once over memory, in float32.
/// </summary>
internal static unsafe class LayerNormKernel
{
    private const int Lanes = 16;

    /// <summary>Whether the kernel computes these.</summary>
    public static bool Takes(torch.Tensor input, torch.Tensor weight, torch.Tensor? bias) =>
        input.shape[^1] % Lanes == 0 && input.dtype == weight.dtype && TensorMemory.IsPlain(input) && TensorMemory.IsPlain(weight)
        && (bias is null || (bias.dtype == input.dtype && TensorMemory.IsPlain(bias)));

    /// <summary>(x - mean) / sqrt(variance + epsilon) * weight + bias, where x is input, or input + addend; rounded once.</summary>
    /// <param name="input">[..., width].</param>
    /// <param name="addend">Of the same shape and type; null: nothing is added.</param>
    /// <param name="weight">[width].</param>
    /// <param name="bias">[width]; null: none.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <returns>[..., width] of the input's type, in the caller's dispose scope.</returns>
    public static torch.Tensor Normalise(torch.Tensor input, torch.Tensor? addend, torch.Tensor weight, torch.Tensor? bias, float epsilon)
    {
        if (addend is not null && (addend.numel() != input.numel() || !TensorMemory.IsPlain(addend)))
            throw new ArgumentException("What is added has another shape than the input.", nameof(addend));
        var output = torch.empty(input.shape, input.dtype);
        if (input.dtype is torch.ScalarType.BFloat16)
            Normalise<BFloat16Format>(input, addend, weight, bias, epsilon, output);
        else
            Normalise<Float32Format>(input, addend, weight, bias, epsilon, output);
        return output;
    }

    /// <summary>The same of one row.</summary>
    [SkipLocalsInit]
    public static void NormaliseRow<TFormat>(
        byte* row, byte* addend, byte* weight, byte* bias, int width, float epsilon, byte* target)
        where TFormat : IElementFormat
    {
        var room = stackalloc float[width + Lanes];
        var values = CacheLine.Align(room);
        Vector512<float> sum = default, squares = default;
        for (var i = 0; i < width; i += Lanes)
        {
            var value = TFormat.LoadSixteen(row + (i * TFormat.Size));
            if (addend is not null)
                value += TFormat.LoadSixteen(addend + (i * TFormat.Size));
            value.Store(values + i);
            sum += value;
        }

        // The variance from differences to the mean: from squares alone it would lose digits where the mean is large.
        var mean = Vector512.Create(Vector512.Sum(sum) / width);
        for (var i = 0; i < width; i += Lanes)
        {
            var difference = Vector512.Load(values + i) - mean;
            squares = Vector512.FusedMultiplyAdd(difference, difference, squares);
        }

        var inverse = Vector512.Create(1 / MathF.Sqrt((Vector512.Sum(squares) / width) + epsilon));
        for (var i = 0; i < width; i += Lanes)
        {
            var offset = i * TFormat.Size;
            var value = (Vector512.Load(values + i) - mean) * inverse * TFormat.LoadSixteen(weight + offset);
            TFormat.Store(bias is null ? value : value + TFormat.LoadSixteen(bias + offset), target + offset);
        }
    }

    private static void Normalise<TFormat>(
        torch.Tensor input, torch.Tensor? addend, torch.Tensor weight, torch.Tensor? bias, float epsilon, torch.Tensor output)
        where TFormat : IElementFormat
    {
        var width = (int)weight.shape[0];
        byte* source = (byte*)TensorMemory.Address<TFormat>(input), target = (byte*)TensorMemory.Address<TFormat>(output);
        var factors = (byte*)TensorMemory.Address<TFormat>(weight);
        var added = addend is null ? null : (byte*)TensorMemory.Address<TFormat>(addend);
        var biases = bias is null ? null : (byte*)TensorMemory.Address<TFormat>(bias);
        TensorMemory.InParallel(input.numel() / width, width, row =>
        {
            var offset = row * width * TFormat.Size;
            NormaliseRow<TFormat>(
                source + offset, added is null ? null : added + offset, factors, biases, width, epsilon, target + offset);
        });
    }
}
