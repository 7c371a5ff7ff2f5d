using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Sequences;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Engine;

/// <summary>One layer of a backbone. It owns its weights; who opens it decides how long they stay in memory.</summary>
internal abstract class Layer : WeightOwner
{
    /// <summary>Computes the layer.</summary>
    /// <param name="hidden">[tokens, hidden]: what the layer before gave for every token.</param>
    /// <param name="positions">Where the tokens stand; of the same backbone.</param>
    /// <param name="wanted">Whose outputs are needed: for the others only what attention reads of them is computed.</param>
    /// <returns>[tokens, hidden], or [sequences, hidden] where one token of each sequence is wanted.</returns>
    public abstract Tensor Forward(Tensor hidden, BatchPositions positions, TokenSelection wanted);
}
