using Tiebreak.Torch.Operators;
using TorchSharp;

namespace Tiebreak.Torch.Quantization;

/// <summary>
/// Numbers of 8 bits or fewer, each times the scale of its block, perhaps less the block's zero. Blocks are rectangles: a row (a scale an
/// output), a run of a row (groups), a square (DeepSeek's fp8), or the whole weight.
/// </summary>
internal sealed class ScaledWeight : QuantizedWeight
{
    private readonly Func<torch.Tensor> _values;
    private readonly (int Rows, int Columns) _block;
    private readonly torch.Tensor _scales;
    private readonly torch.Tensor? _zeros;

    private ScaledWeight(
        int outputs, int inputs, torch.Tensor stored, Func<torch.Tensor, torch.Tensor> values, torch.Tensor scales,
        (int Rows, int Columns) block, torch.Tensor? zeros)
        : base(outputs, inputs)
    {
        _ = Own(stored);
        (_values, _scales, _block) = (() => values(stored), Own(scales), block);
        _zeros = zeros is null ? null : Own(zeros);
    }

    /// <summary>Numbers of a byte each. Takes the tensors over.</summary>
    /// <param name="values">[outputs, inputs]: int8, or the codes of <see cref="DType.Float8E4M3"/>.</param>
    /// <param name="isFloat">Whether they are those codes.</param>
    /// <param name="scales">[blocks of rows, blocks of columns], floating point.</param>
    /// <param name="block">Rows and columns of a block; the last ones may be smaller.</param>
    /// <param name="zeros">int8, as scales: what is subtracted before the product; null: nothing.</param>
    public static ScaledWeight OfBytes(
        torch.Tensor values, bool isFloat, torch.Tensor scales, (int Rows, int Columns) block, torch.Tensor? zeros) =>
        new((int)values.shape[0], (int)values.shape[1], values,
            isFloat ? Float8.Decode : codes => codes.to(torch.ScalarType.Float32), scales, block, zeros);

    /// <summary>
    /// Signed numbers of a few bits in 32-bit words, from the lowest bits, stored with half of their range added (compressed-tensors'
    /// "pack-quantized"). Takes the tensors over.
    /// </summary>
    /// <param name="words">int32 [outputs, inputs * bits / 32], rounded up.</param>
    /// <param name="inputs">Columns of the weight.</param>
    /// <param name="bits">4 or 8.</param>
    /// <param name="scales">[outputs, groups], floating point.</param>
    /// <param name="groupSize">Inputs of a group.</param>
    /// <param name="zeros">int32 [outputs * bits / 32, groups], packed down the outputs in the same way; null: none.</param>
    public static ScaledWeight OfWords(
        torch.Tensor words, int inputs, int bits, torch.Tensor scales, int groupSize, torch.Tensor? zeros) =>
        new((int)words.shape[0], inputs, words, stored => Unpack(stored, bits).narrow(1, 0, inputs), scales, (1, groupSize),
            zeros is null ? null : UnpackedZeros(zeros, bits, (int)words.shape[0]));

    /// <inheritdoc/>
    protected override torch.Tensor WithKernels() => WithOperators();

    /// <inheritdoc/>
    protected override torch.Tensor WithOperators()
    {
        var values = _values();
        if (_zeros is not null)
            values = values.sub(Spread(_zeros));
        return values.mul(Spread(_scales));
    }

    // [outputs, words] -> float32 [outputs, numbers].
    private static torch.Tensor Unpack(torch.Tensor words, int bits)
    {
        var shifts = torch.tensor([.. Enumerable.Range(0, 32 / bits).Select(i => i * bits)], device: words.device);
        var fields = words.unsqueeze(2).bitwise_right_shift(shifts).bitwise_and_((1 << bits) - 1).flatten(1);
        return fields.Subtract(1 << (bits - 1)).to(torch.ScalarType.Float32);
    }

    private static torch.Tensor UnpackedZeros(torch.Tensor zeros, int bits, int outputs)
    {
        using var packed = zeros;
        using var scope = torch.NewDisposeScope();
        return packed.device_type is DeviceType.META
            ? packed.alias().DetachFromDisposeScope()
            : Unpack(packed.t(), bits).narrow(1, 0, outputs).t().contiguous().DetachFromDisposeScope();
    }

    private torch.Tensor Spread(torch.Tensor blocks)
    {
        var spread = blocks.to(torch.ScalarType.Float32);
        if (spread.shape[0] != 1)
            spread = spread.repeat_interleave(_block.Rows, 0).narrow(0, 0, Outputs);
        return spread.shape[1] == 1 ? spread : spread.repeat_interleave(_block.Columns, 1).narrow(1, 0, Inputs);
    }
}
