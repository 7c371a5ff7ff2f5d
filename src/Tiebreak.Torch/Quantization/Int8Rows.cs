using System.Buffers;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using TorchSharp;

namespace Tiebreak.Torch.Quantization;

/// <summary>
/// The rows of a tensor on the CPU, rounded to int8 with a scale a row, for libtorch's product of int8. As operators of libtorch, rounding
/// and scaling take longer than the product itself where the processor has instructions for that.
/// </summary>
internal sealed unsafe class Int8Rows : IDisposable
{
    private readonly float[] _steps;

    private Int8Rows(torch.Tensor values, float[] steps) => (Values, _steps) = (values, steps);

    /// <summary>Whether this processor can round.</summary>
    public static bool AreSupported => Avx2.IsSupported;

    /// <summary>The steps: int8 [rows, inputs].</summary>
    public torch.Tensor Values { get; }

    /// <summary>Rounds.</summary>
    /// <param name="input">[rows, inputs], float32 or bfloat16, contiguous, on the CPU.</param>
    public static Int8Rows Round(torch.Tensor input) => input.dtype is torch.ScalarType.BFloat16
        ? Round<BFloat16Format>(input)
        : Round<Float32Format>(input);

    /// <summary>Makes numbers of a product of these rows: product * scale of the row * scale of the output + bias.</summary>
    /// <param name="product">int32 [rows, outputs], contiguous.</param>
    /// <param name="scales">float32 [outputs].</param>
    /// <param name="bias">float32 [outputs], or null.</param>
    /// <param name="type">float32 or bfloat16.</param>
    /// <returns>[rows, outputs], in the caller's dispose scope.</returns>
    public torch.Tensor Scale(torch.Tensor product, torch.Tensor scales, torch.Tensor? bias, torch.ScalarType type)
    {
        var output = torch.empty(product.shape, type);
        if (type is torch.ScalarType.BFloat16)
            Scale<BFloat16Format>(product, scales, bias, output);
        else
            Scale<Float32Format>(product, scales, bias, output);
        return output;
    }

    /// <inheritdoc/>
    public void Dispose() => Values.Dispose();

    private static Int8Rows Round<TFormat>(torch.Tensor input)
        where TFormat : IElementFormat
    {
        var (rows, width) = (input.shape[0], (int)input.shape[1]);
        var values = torch.empty([rows, width], torch.ScalarType.Int8);
        var steps = new float[rows];
        var source = (byte*)TensorMemory.Address<TFormat>(input);
        var target = (sbyte*)TensorMemory.Address(values);
        TensorMemory.InParallel(rows, width, row =>
        {
            var wide = ArrayPool<short>.Shared.Rent(width);
            fixed (short* numbers = wide)
            {
                steps[row] = Int8Kernels.Round<TFormat>(source + (row * width * TFormat.Size), width, numbers);
                Narrow(numbers, width, target + (row * width));
            }

            ArrayPool<short>.Shared.Return(wide);
        });
        return new Int8Rows(values, steps);
    }

    private static void Narrow(short* numbers, int count, sbyte* target)
    {
        var i = 0;
        for (; i <= count - Vector128<sbyte>.Count; i += Vector128<sbyte>.Count)
            Vector128.Narrow(Vector128.Load(numbers + i), Vector128.Load(numbers + i + Vector128<short>.Count)).Store(target + i);
        for (; i < count; i++)
            target[i] = (sbyte)numbers[i];
    }

    private void Scale<TFormat>(torch.Tensor product, torch.Tensor scales, torch.Tensor? bias, torch.Tensor output)
        where TFormat : IElementFormat
    {
        var width = (int)product.shape[1];
        var sums = (int*)TensorMemory.Address(product);
        float* scalesAddress = (float*)TensorMemory.Address(scales), biasAddress = bias is null ? null : (float*)TensorMemory.Address(bias);
        var target = (byte*)TensorMemory.Address<TFormat>(output);
        TensorMemory.InParallel(product.shape[0], width, row => Int8Kernels.Scale<TFormat>(
            sums + (row * width), _steps[row], scalesAddress, biasAddress, width, target + (row * width * TFormat.Size)));
    }
}
