using Tiebreak.Torch.Operators;
using Tiebreak.Transformers.Judges.Readings;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Training;

/// <summary>The loss of a model that learns to judge: cross-entropy against what people said.</summary>
/// <param name="reading">How the head's outputs become preferences.</param>
/// <param name="smoothing">
/// The share of every target that is spread over A, B and tie (label smoothing in PyTorch's convention: 0.2 makes 0.867, 0.067, 0.067 of a
/// certain target).
/// </param>
/// <param name="focalGamma">
/// By what power of 1 - p the loss of an answer of probability p is lessened (https://arxiv.org/abs/1708.02002): 0, not at all, or 1 and
/// more.
/// </param>
/// <param name="distillation">What is learned from teachers; null: nothing.</param>
internal sealed class PreferenceLoss(
    OutputReading reading, double smoothing = 0, double focalGamma = 0, DistillationLoss? distillation = null)
{
    /// <summary>The loss of each battle.</summary>
    /// <param name="outputs">[battles, outputs]: what the head gave.</param>
    /// <param name="targets">[battles, 3]: what people said, as probabilities of A, B and tie.</param>
    /// <param name="teachers">[battles, teachers, 3]: what teachers said, NaN where one said nothing; null: there is none.</param>
    /// <returns>
    /// [battles] the loss, with a gradient, and [battles] the log loss, without smoothing, focus and gradient: what judges are compared by.
    /// </returns>
    public (Tensor Loss, Tensor LogLoss) Of(Tensor outputs, Tensor targets, Tensor? teachers = null)
    {
        using var scope = NewDisposeScope();
        var logarithms = reading.LogProbabilities(outputs); // [battles, 3]
        var smoothed = targets.Multiply(1 - smoothing).Add(smoothing / 3);
        var terms = logarithms.mul(smoothed).neg();
        if (focalGamma > 0)
            terms = terms.mul(logarithms.exp().neg().Add(1).Power(focalGamma));
        var logLoss = logarithms.detach().mul(targets).sum(dim: 1).neg();
        var loss = terms.sum(dim: 1);
        if (teachers is not null && distillation is not null)
            loss = distillation.Mix(loss, logarithms, teachers);
        return (loss.MoveToOuterDisposeScope(), logLoss.MoveToOuterDisposeScope());
    }
}
