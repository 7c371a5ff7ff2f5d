using Tiebreak.Transformers.Layers;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Heads;

/// <summary>One number for a battle, how far A is ahead of B in log-odds; a tie model makes probabilities of it.</summary>
public sealed class RegressionHead : WeightOwner
{
    private readonly ClassifierHead _value;
    private readonly TieModel _ties;

    /// <summary>Takes the layers that read the pair.</summary>
    /// <param name="value">One output.</param>
    /// <param name="ties">How the number becomes probabilities.</param>
    public RegressionHead(ClassifierHead value, TieModel ties)
    {
        _value = Own(value);
        _ties = ties;
    }

    /// <summary>The number itself.</summary>
    /// <param name="pooled">[battles, hidden] of the whole pair.</param>
    /// <returns>[battles], float32.</returns>
    public Tensor Values(Tensor pooled)
    {
        using var scope = NewDisposeScope();
        return _value.Forward(pooled).to(ScalarType.Float32).squeeze(1).MoveToOuterDisposeScope();
    }

    /// <summary>Computes the head.</summary>
    /// <param name="pooled">[battles, hidden] of the whole pair.</param>
    /// <returns>[battles, 3]: log-probabilities of A, B, tie, float32.</returns>
    public Tensor Forward(Tensor pooled)
    {
        using var values = Values(pooled);
        return _ties.LogProbabilities(values);
    }
}
