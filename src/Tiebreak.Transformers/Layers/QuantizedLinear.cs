using Tiebreak.Torch.Kernels;
using Tiebreak.Torch.Quantization;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Layers;

/// <summary>
/// A linear layer whose weight stays quantised in memory and is dequantised each time it is computed, forward and backward: one layer's
/// weight exists at a time, and none is kept for gradients.
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
        if (is_grad_enabled() && input.requires_grad)
            return QuantizedProduct.Of(input, Quantized, Bias);

        using var weight = Weight(input.dtype);
        return FloatProduct.Takes(input, weight, Bias)
            ? FloatProduct.Multiply(input, weight, Bias)
            : nn.functional.linear(input, weight, Bias);
    }

    /// <inheritdoc/>
    public override Tensor WithoutValues(Tensor input) =>
        input.requires_grad ? QuantizedProduct.Of(input, Quantized, Bias, hasValues: false) : Forward(input);

    /// <inheritdoc/>
    public override Tensor Weight(ScalarType type) => Quantized.Dequantize(type);
}
