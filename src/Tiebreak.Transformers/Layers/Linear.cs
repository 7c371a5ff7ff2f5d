using static TorchSharp.torch;

namespace Tiebreak.Transformers.Layers;

/// <summary>
/// x W^T + b. Layers ask a <see cref="Weights.WeightSource"/> for it and never see how the weight is held, so that adapters and packed weights
/// can take its place.
/// </summary>
public abstract class Linear : WeightOwner
{
    /// <summary>Applies the layer.</summary>
    /// <param name="input">[..., in].</param>
    /// <returns>[..., out].</returns>
    public abstract Tensor Forward(Tensor input);
}
