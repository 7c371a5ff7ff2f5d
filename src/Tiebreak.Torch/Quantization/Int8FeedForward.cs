using System.Runtime.Intrinsics;
using Tiebreak.Torch.Kernels;
using TorchSharp;

namespace Tiebreak.Torch.Quantization;

/// <summary>
/// A feed-forward part in int8, down(activation(gate x) * up x) or down(activation(up x)), in blocks of rows: what lies between the
/// products is activated, multiplied and rounded row by row, and never in memory as numbers of the model's type.
/// </summary>
internal static unsafe class Int8FeedForward
{
    /// <summary>Computes it.</summary>
    /// <typeparam name="TActivation">The function after the first product.</typeparam>
    /// <param name="input">As wide as the hidden states.</param>
    /// <param name="gate">Null: there is none.</param>
    /// <param name="up">From the hidden states to the inner ones.</param>
    /// <param name="down">And back.</param>
    /// <param name="type">float32 or bfloat16.</param>
    /// <returns>[rows, hidden], in the caller's dispose scope.</returns>
    public static torch.Tensor Compute<TActivation>(
        Int8Rows input, Int8Packed? gate, Int8Packed up, Int8Packed down, torch.ScalarType type)
        where TActivation : IActivation
    {
        var output = torch.empty([input.Count, down.Outputs], type);
        RowBlocks.Run(input.Count, up.Outputs, (start, count) =>
        {
            using var inner = Inner<TActivation>(input, start, count, gate, up);
            if (type is torch.ScalarType.BFloat16)
                down.Multiply<BFloat16Format>(inner, 0, count, output, start);
            else
                down.Multiply<Float32Format>(inner, 0, count, output, start);
        });
        return output;
    }

    private static Int8Rows Inner<TActivation>(Int8Rows input, int start, int count, Int8Packed? gate, Int8Packed up)
        where TActivation : IActivation
    {
        var (width, inner) = (up.Outputs, new Int8Rows(count, up.Outputs));
        using var ofUp = up.Sums(input, start, count);
        using var ofGate = gate?.Sums(input, start, count);
        float* ups = (float*)TensorMemory.Address(ofUp), gates = ofGate is null ? null : (float*)TensorMemory.Address(ofGate);
        for (var row = 0; row < count; row++)
        {
            // Numbers take the place of their sums.
            var (step, offset) = (input.StepOf(start + row), (long)row * width);
            up.Scale<Float32Format>(ups + offset, step, (byte*)(ups + offset));
            gate?.Scale<Float32Format>(gates + offset, step, (byte*)(gates + offset));
            Activate<TActivation>(gates is null ? null : gates + offset, ups + offset, width);
            inner.Set<Float32Format>(row, (byte*)(ups + offset));
        }

        return inner;
    }

    /// <summary>activation(gate) * up, or activation(up), in the place of up.</summary>
    private static void Activate<TActivation>(float* gate, float* up, int width)
        where TActivation : IActivation
    {
        var lanes = Vector512<float>.Count;
        var i = 0;
        for (; i <= width - lanes; i += lanes)
        {
            var values = Vector512.Load(up + i);
            (gate is null ? TActivation.Of(values) : TActivation.Of(Vector512.Load(gate + i)) * values).Store(up + i);
        }

        // What is left is less than a vector.
        for (; i < width; i++)
            up[i] = gate is null ? TActivation.Of(Vector512.Create(up[i]))[0] : TActivation.Of(Vector512.Create(gate[i]))[0] * up[i];
    }
}
