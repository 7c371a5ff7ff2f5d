using Tiebreak.Transformers.Layers;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Heads;

/// <summary>A reward model as a judge: each response has a score of its own, and the difference decides.</summary>
public sealed class RewardHead : WeightOwner
{
    private readonly ClassifierHead _score;
    private readonly TieModel _ties;

    /// <summary>Takes the layers that score one response.</summary>
    /// <param name="score">One output.</param>
    /// <param name="ties">How a difference becomes probabilities.</param>
    public RewardHead(ClassifierHead score, TieModel ties)
    {
        _score = Own(score);
        _ties = ties;
    }

    /// <summary>Computes the head; exchanging the sides exchanges A and B exactly.</summary>
    /// <param name="pooledA">[battles, hidden] of the prompt with response A.</param>
    /// <param name="pooledB">[battles, hidden] of the prompt with response B.</param>
    /// <returns>[battles, 3]: log-probabilities of A, B, tie, float32.</returns>
    public Tensor Forward(Tensor pooledA, Tensor pooledB)
    {
        using var scope = NewDisposeScope();
        var difference = _score.Forward(pooledA).to(ScalarType.Float32) - _score.Forward(pooledB).to(ScalarType.Float32);
        return _ties.LogProbabilities(difference.squeeze(1)).MoveToOuterDisposeScope();
    }
}
