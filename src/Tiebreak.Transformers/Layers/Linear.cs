using static TorchSharp.torch;

namespace Tiebreak.Transformers.Layers;

/// <summary>
/// x W^T + b. Layers ask a <see cref="Weights.WeightSource"/> for it and never see how the weight is held, so that adapters and quantised
/// weights can take its place.
/// </summary>
internal abstract class Linear : WeightOwner
{
    /// <summary>b [out], to be read only; null: there is none.</summary>
    public abstract Tensor? Bias { get; }

    /// <summary>Applies the layer.</summary>
    /// <param name="input">[..., in].</param>
    /// <returns>[..., out].</returns>
    public abstract Tensor Forward(Tensor input);

    /// <summary>Applies the layer to what several layers read.</summary>
    public virtual Tensor Forward(LinearInput input) => Forward(input.Values);

    /// <summary>
    /// The gradients of <see cref="Forward(Tensor)"/> without its values, for a layer that is computed again and whose values nobody reads.
    /// </summary>
    /// <param name="input">[..., in].</param>
    /// <returns>[..., out]: any values, those of the layer where it cannot do without.</returns>
    public virtual Tensor WithoutValues(Tensor input) => Forward(input);

    /// <summary>W as a plain matrix, whatever the layer holds: dequantised, with its adapter.</summary>
    /// <param name="type">The type to have it in.</param>
    /// <returns>[out, in], to be read only: it may share the layer's memory.</returns>
    public abstract Tensor Weight(ScalarType type);
}
