using Tiebreak.Torch.Operators;
using TorchSharp;

namespace Tiebreak.Torch.Quantization;

/// <summary>
/// Eight bits with a scale an output (bitsandbytes' LLM.int8, https://arxiv.org/abs/2208.07339): q * scale. What bitsandbytes does with
/// outliers among activations is not needed where the product is computed in floating point.
/// </summary>
internal sealed class Int8Weight : QuantizedWeight
{
    /// <summary>Takes the tensors over.</summary>
    /// <param name="values">int8 [outputs, inputs].</param>
    /// <param name="scales">float32 [outputs].</param>
    public Int8Weight(torch.Tensor values, torch.Tensor scales)
        : base((int)values.shape[0], (int)values.shape[1]) => (Values, Scales) = (Own(values), Own(scales));

    /// <summary>The numbers: int8 [outputs, inputs].</summary>
    public torch.Tensor Values { get; }

    /// <summary>The size of a step: float32 [outputs].</summary>
    public torch.Tensor Scales { get; }

    /// <summary>Rounds a weight to the nearest of 255 steps, the largest of a row being 127 steps.</summary>
    /// <param name="weight">[outputs, inputs]; stays the caller's.</param>
    public static Int8Weight Quantize(torch.Tensor weight)
    {
        using var scope = torch.NewDisposeScope();
        var exact = weight.to(torch.ScalarType.Float32);
        var scales = exact.abs().amax([1]).DivideInPlace(sbyte.MaxValue); // [outputs]
        var steps = scales.where(scales.GreaterThan(0), torch.ones_like(scales)).unsqueeze(1);
        var values = exact.div(steps).round_().ClampInPlace(-sbyte.MaxValue, sbyte.MaxValue).to(torch.ScalarType.Int8);
        return new Int8Weight(values.DetachFromDisposeScope(), scales.DetachFromDisposeScope());
    }

    /// <inheritdoc/>
    protected override torch.Tensor WithKernels() => WithOperators();

    /// <inheritdoc/>
    protected override torch.Tensor WithOperators() => Values.to(torch.ScalarType.Float32).mul_(Scales.unsqueeze(1));
}
