using Tiebreak.Torch;
using Tiebreak.Torch.Operators;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Planning;

/// <summary>Numbers by chance in place of a model's weights, drawn where they are wanted: to measure how long a model computes.</summary>
/// <param name="type">What the model computes with.</param>
/// <param name="device">Where.</param>
internal sealed class TrialWeights(DType type, Device device) : WeightSource
{
    /// <inheritdoc/>
    public override Device Device => device;

    /// <inheritdoc/>
    public override DType Type => type;

    /// <inheritdoc/>
    public override bool Has(string name) => false;

    /// <inheritdoc/>
    public override Tensor Tensor(string name, params ReadOnlySpan<long> shape)
    {
        // Small enough for hidden states to stay finite, whatever the number of inputs.
        using var scope = NewDisposeScope();
        return rand(shape.ToArray(), type.ToScalarType(), device)
            .SubtractInPlace(0.5).MultiplyInPlace(2 / Math.Sqrt(shape[^1])).DetachFromDisposeScope();
    }
}
