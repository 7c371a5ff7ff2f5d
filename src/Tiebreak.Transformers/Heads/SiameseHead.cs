using Tiebreak.Transformers.Layers;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Heads;

/// <summary>
/// Logits of A, B and tie from the two sides, each read by itself (prompt with response A, prompt with response B) and put side by side.
/// </summary>
public sealed class SiameseHead : WeightOwner
{
    private readonly ClassifierHead _classifier;

    /// <summary>Takes the layers that see both sides.</summary>
    /// <param name="classifier">Reads twice the hidden size: the side of A, then that of B.</param>
    public SiameseHead(ClassifierHead classifier) => _classifier = Own(classifier);

    /// <summary>Computes the head.</summary>
    /// <param name="pooledA">[battles, hidden] of the prompt with response A.</param>
    /// <param name="pooledB">[battles, hidden] of the prompt with response B.</param>
    /// <returns>[battles, 3]: A, B, tie.</returns>
    public Tensor Forward(Tensor pooledA, Tensor pooledB)
    {
        using var both = cat([pooledA, pooledB], 1);
        return _classifier.Forward(both);
    }
}
