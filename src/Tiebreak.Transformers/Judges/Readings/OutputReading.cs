using Tiebreak.Core.Battles;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Judges.Readings;

/// <summary>
/// Makes preferences of what a head put out: of one battle in double precision, or of a batch with gradients, for the loss of a training.
/// </summary>
internal abstract class OutputReading
{
    /// <summary>The parameters, for the bundle.</summary>
    public abstract ReadingParameters Parameters { get; }

    /// <summary>True if nothing is fitted on votes.</summary>
    public abstract bool IsFixed { get; }

    /// <summary>The preference of the order in which the battle was shown.</summary>
    /// <param name="outputs">The model's outputs for the battle, finite.</param>
    public abstract Preference Read(ReadOnlySpan<float> outputs);

    /// <summary>The logarithms of the same probabilities for a batch; gradients pass.</summary>
    /// <param name="outputs">[battles, outputs], float32 or float64: what a <see cref="Heads.Head"/> gives.</param>
    /// <returns>[battles, 3]: A, B, tie.</returns>
    public abstract Tensor LogProbabilities(Tensor outputs);

    /// <summary>The same reading with the parameters that explain votes best.</summary>
    /// <param name="outputs">Outputs, row by row.</param>
    /// <param name="targets">What people said, in the order in which each row was shown.</param>
    public abstract OutputReading Fit(IReadOnlyList<float[]> outputs, IReadOnlyList<Preference> targets);

    /// <summary>The same reading fitted to votes: to all of them, and without each fold in turn.</summary>
    /// <param name="votes">The votes.</param>
    /// <param name="folds">The fold of each vote.</param>
    /// <param name="foldCount">How many folds there are.</param>
    /// <param name="threads">Threads to use; the result does not depend on it.</param>
    public virtual FoldReadings FitFolds(ScoredVotes votes, int[] folds, int foldCount, int threads) => new(
        votes.Fit(this, _ => true),
        [.. Enumerable.Range(0, foldCount).Select(fold => votes.Fit(this, row => folds[row] != fold))]);
}

/// <summary>A reading fitted to votes.</summary>
/// <param name="Final">Fitted to all of them.</param>
/// <param name="OfFold">For each fold the one that has not seen it.</param>
internal sealed record FoldReadings(OutputReading Final, IReadOnlyList<OutputReading> OfFold);
