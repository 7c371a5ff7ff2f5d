using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Layers;

/// <summary>A normalisation of hidden states.</summary>
internal abstract class Norm : WeightOwner
{
    /// <summary>Normalises the last dimension.</summary>
    public abstract Tensor Forward(Tensor input);
}

/// <summary>Which normalisation a model has.</summary>
/// <param name="Kind">The formula.</param>
/// <param name="Epsilon">Added to the variance, or to the mean square.</param>
internal sealed record NormOptions(NormKind Kind, double Epsilon)
{
    /// <summary>Takes the norm's weights out of a source.</summary>
    /// <param name="weights">Where they come from.</param>
    /// <param name="name">The norm's name.</param>
    /// <param name="size">The last dimension of what is normalised.</param>
    public Norm Create(WeightSource weights, string name, int size) => Kind is NormKind.Rms or NormKind.RmsAddsOne
        ? new RmsNorm(weights, name, size, Epsilon, addsOne: Kind is NormKind.RmsAddsOne)
        : new LayerNorm(weights, name, size, Epsilon, hasBias: Kind is NormKind.Layer);
}

/// <summary>The formulas of normalisation.</summary>
internal enum NormKind
{
    /// <summary><see cref="RmsNorm"/>.</summary>
    Rms,

    /// <summary><see cref="RmsNorm"/> that multiplies by 1 + w (Gemma).</summary>
    RmsAddsOne,

    /// <summary><see cref="LayerNorm"/>.</summary>
    Layer,

    /// <summary><see cref="LayerNorm"/> without bias (Cohere, ModernBERT).</summary>
    LayerWithoutBias,
}
