using Tiebreak.Torch;
using Tiebreak.Transformers.Layers;

namespace Tiebreak.Transformers.Weights;

/// <summary>
/// Weights of a model that computes its linear layers in int8, with activations rounded as they come; see <see cref="LinearCompute.Int8"/>.
/// </summary>
/// <param name="inner">Where weights come from.</param>
internal sealed class Int8Weights(WeightSource inner) : PassedWeights(inner)
{
    /// <inheritdoc/>
    public override Linear Linear(string name, int inputs, int outputs, bool hasBias)
    {
        var linear = base.Linear(name, inputs, outputs, hasBias);
        return StoresInt8 && linear is DenseLinear ? linear : new Int8Linear(linear);
    }

    /// <inheritdoc/>
    internal override Linear LaidOutLinear(string name, int inputs, int outputs, bool hasBias)
    {
        var linear = base.Linear(name, inputs, outputs, hasBias);
        return StoresInt8 && linear is DenseLinear ? linear
            : Type is DType.BFloat16 && BlockLinear.OfInt8(linear) is { } laid ? laid
            : new Int8Linear(linear);
    }
}
