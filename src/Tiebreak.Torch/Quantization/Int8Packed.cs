using Tiebreak.Torch.Operators;
using TorchSharp;

namespace Tiebreak.Torch.Quantization;

/// <summary>
/// A linear layer in int8 (W8A8) for processors that have instructions for products of int8: the weight is laid out once, and sums become
/// numbers in blocks of rows, while they are in the core's cache. Products are exact, so that a row's bits depend on no other.
/// </summary>
internal sealed unsafe class Int8Packed : IDisposable
{
    private readonly torch.Tensor _weight; // opaque
    private readonly torch.Tensor _scales; // float32 [outputs]
    private readonly torch.Tensor? _bias; // float32 [outputs]
    private readonly PackedInt8Product.Constants _constants;
    private readonly float* _scalesAddress;
    private readonly float* _biasAddress;

    /// <summary>Lays out a weight.</summary>
    /// <param name="weight">On the CPU; stays the caller's.</param>
    /// <param name="bias">[outputs], or null; stays the caller's.</param>
    public Int8Packed(Int8Weight weight, torch.Tensor? bias)
    {
        using var scope = torch.NewDisposeScope();
        (Outputs, Inputs) = (weight.Outputs, weight.Inputs);
        _weight = PackedInt8Product.Pack(weight.Values).DetachFromDisposeScope();
        _constants = new PackedInt8Product.Constants(Outputs);
        _scales = weight.Scales.clone().DetachFromDisposeScope();
        _bias = bias?.to(torch.ScalarType.Float32, copy: true).contiguous().DetachFromDisposeScope();
        _scalesAddress = (float*)TensorMemory.Address(_scales);
        _biasAddress = _bias is null ? null : (float*)TensorMemory.Address(_bias);
    }

    /// <summary>Whether this is the fastest way to multiply int8 here.</summary>
    public static bool AreFastest { get; } = Cpu.HasInt8Products && PackedInt8Product.IsAvailable;

    /// <summary>Rows of the weight.</summary>
    public int Outputs { get; }

    /// <summary>Its columns.</summary>
    public int Inputs { get; }

    /// <summary>Applies the layer.</summary>
    /// <param name="input">As wide as the weight has columns.</param>
    /// <param name="type">float32 or bfloat16.</param>
    /// <returns>[rows, outputs], in the caller's dispose scope.</returns>
    public torch.Tensor Multiply(Int8Rows input, torch.ScalarType type)
    {
        var output = torch.empty([input.Count, Outputs], type);
        if (type is torch.ScalarType.BFloat16)
            Multiply<BFloat16Format>(input, output);
        else
            Multiply<Float32Format>(input, output);
        return output;
    }

    /// <summary>The weight as numbers: its product with each row of the identity.</summary>
    /// <returns>float32 [outputs, inputs], in the caller's dispose scope.</returns>
    public torch.Tensor Dequantize()
    {
        using var scope = torch.NewDisposeScope();
        var identity = torch.eye(Inputs, dtype: torch.ScalarType.Byte).AddInPlace(PackedInt8Product.Zero);
        var values = PackedInt8Product.Multiply(identity, _weight, _constants);
        return values.t().mul(_scales.unsqueeze(1)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _weight.Dispose();
        _scales.Dispose();
        _bias?.Dispose();
        _constants.Dispose();
    }

    private void Multiply<TFormat>(Int8Rows input, torch.Tensor output)
        where TFormat : IElementFormat
    {
        var target = (byte*)TensorMemory.Address<TFormat>(output);
        RowBlocks.Run(input.Count, Outputs, (start, count) =>
        {
            var product = PackedInt8Product.Multiply(input.Values(start, count), _weight, _constants); // [count, outputs]
            var sums = (float*)TensorMemory.Address(product);
            for (long row = 0; row < count; row++)
            {
                Int8Kernels.Scale<TFormat>(
                    sums + (row * Outputs), input.StepOf(start + (int)row), _scalesAddress, _biasAddress, Outputs,
                    target + ((start + row) * Outputs * TFormat.Size));
            }
        });
    }
}
