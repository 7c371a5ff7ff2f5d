using Tiebreak.Torch.Quantization;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Layers;

/// <summary>
/// A linear layer whose weight stays packed in memory and is unpacked each time it is computed: one layer's weight exists at a time.
/// </summary>
internal sealed class PackedLinear : Linear
{
    /// <summary>Takes both over.</summary>
    /// <param name="packed">The weight.</param>
    /// <param name="bias">[out], or null.</param>
    public PackedLinear(PackedWeight packed, Tensor? bias)
    {
        Packed = Own(packed);
        Bias = bias is null ? null : Own(bias);
    }

    /// <summary>The weight.</summary>
    public PackedWeight Packed { get; }

    /// <inheritdoc/>
    public override Tensor? Bias { get; }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input)
    {
        using var weight = Weight(input.dtype);
        return nn.functional.linear(input, weight, Bias);
    }

    /// <inheritdoc/>
    public override Tensor Weight(ScalarType type) => Packed.Unpack(type);
}
