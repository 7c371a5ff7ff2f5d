using Tiebreak.Transformers.Layers;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Heads;

/// <summary>What turns the pooled hidden state of a sequence into numbers.</summary>
public abstract class Head : WeightOwner
{
    /// <summary>Computes the head.</summary>
    /// <param name="pooled">[sequences, hidden]; see <see cref="Sequences.PackedTokens.Select"/>.</param>
    /// <returns>[sequences, outputs].</returns>
    public abstract Tensor Forward(Tensor pooled);
}
