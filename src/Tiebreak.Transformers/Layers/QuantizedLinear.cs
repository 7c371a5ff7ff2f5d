using Tiebreak.Torch.Quantization;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Layers;

/// <summary>
/// A linear layer whose weight stays quantised in memory and is dequantised each time it is computed: one layer's weight exists at a time.
/// </summary>
internal sealed class QuantizedLinear : Linear
{
    /// <summary>Takes both over.</summary>
    /// <param name="quantized">The weight.</param>
    /// <param name="bias">[out], or null.</param>
    public QuantizedLinear(QuantizedWeight quantized, Tensor? bias)
    {
        Quantized = Own(quantized);
        Bias = bias is null ? null : Own(bias);
    }

    /// <summary>The weight.</summary>
    public QuantizedWeight Quantized { get; }

    /// <inheritdoc/>
    public override Tensor? Bias { get; }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input)
    {
        using var weight = Weight(input.dtype);
        return nn.functional.linear(input, weight, Bias);
    }

    /// <inheritdoc/>
    public override Tensor Weight(ScalarType type) => Quantized.Dequantize(type);
}
