using Tiebreak.Torch;
using Tiebreak.Torch.Operators;
using Tiebreak.Torch.Quantization;

namespace Tiebreak.Transformers.Weights.Quantized;

/// <summary>bitsandbytes' eight bits: <c>weight</c> in int8 and <c>SCB</c>, the largest value of each output, which is 127 steps.</summary>
internal sealed class Int8Layout : QuantizedLayout
{
    /// <inheritdoc/>
    public override string Description => "bitsandbytes int8";

    /// <inheritdoc/>
    public override bool Holds(WeightSource weights, string linear) => weights.Has($"{linear}.SCB");

    /// <inheritdoc/>
    public override QuantizedWeight Open(WeightSource weights, LinearShape linear)
    {
        // Says how old programs had ordered the numbers for the GPU; files hold them row by row.
        if (weights.Has($"{linear.Name}.weight_format"))
            weights.Stored($"{linear.Name}.weight_format", DType.UInt8).Dispose();
        using var largest = weights.Stored($"{linear.Name}.SCB", DType.Float32, linear.Outputs);
        return new Int8Weight(
            weights.Stored($"{linear.Name}.weight", DType.Int8, linear.Outputs, linear.Inputs),
            largest.Divide(sbyte.MaxValue).DetachFromDisposeScope());
    }
}
