using Tiebreak.Core.Battles;
using Tiebreak.Torch.Operators;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Judges.Readings;

/// <summary>
/// Outputs that are logits of A, B and tie: softmax of scale * logit + bias. Scale and bias are fitted where the model has not been trained
/// on votes (vector scaling with one scale, Guo et al. 2017, arXiv 1706.04599): zero-shot models are far too sure of themselves and have
/// favourite answers.
/// </summary>
/// <param name="order">Which output stands for A, for B and for tie.</param>
/// <param name="isFixed">Whether the parameters stay as they are.</param>
/// <param name="parameters">Scale and bias.</param>
internal sealed class LabelReading(IReadOnlyList<int> order, bool isFixed, ReadingParameters parameters) : OutputReading
{
    private const double LeastScale = 0.01;

    public override ReadingParameters Parameters => parameters;

    public override bool IsFixed => isFixed;

    public override Preference Read(ReadOnlySpan<float> outputs) =>
        Preference.FromScores(Score(outputs, 0), Score(outputs, 1), Score(outputs, 2));

    public override Tensor LogProbabilities(Tensor outputs)
    {
        using var scope = NewDisposeScope();
        var logits = outputs.index_select(1, tensor([.. order.Select(output => (long)output)], device: outputs.device));
        var bias = tensor([.. parameters.Bias], dtype: outputs.dtype, device: outputs.device);
        return logits.Multiply(parameters.Scale).Add(bias).log_softmax(1).MoveToOuterDisposeScope();
    }

    public override OutputReading Fit(IReadOnlyList<float[]> outputs, IReadOnlyList<Preference> targets)
    {
        if (isFixed)
            return this;
        var found = Minimise(outputs, targets, fixedScale: null);

        // A model that is worse than chance gets next to no weight; it is not believed the other way round.
        if (found[0] < LeastScale)
            found = Minimise(outputs, targets, LeastScale);
        return new LabelReading(order, isFixed: false, new ReadingParameters(found[0], [found[1], found[2], 0], null));
    }

    private double[] Minimise(IReadOnlyList<float[]> outputs, IReadOnlyList<Preference> targets, double? fixedScale)
    {
        double[] start = [fixedScale ?? 1, 0, 0];
        return NewtonFit.Minimise(start, (point, gradient, hessian) =>
        {
            var loss = 0.0;
            for (var i = 0; i < outputs.Count; i++)
            {
                var (a, b, tie) = (outputs[i][order[0]], outputs[i][order[1]], outputs[i][order[2]]);
                var p = Preference.FromScores((point[0] * a) + point[1], (point[0] * b) + point[2], point[0] * tie);
                loss += Core.Metrics.LogLoss.Of(p, targets[i]);
                NewtonFit.AddSoftmax(gradient, hessian, p, targets[i], [a, 1, 0], [b, 0, 1], [tie, 0, 0]);
            }

            return loss;
        }, fixedScale is null ? [true, true, true] : [false, true, true]);
    }

    private double Score(ReadOnlySpan<float> outputs, int outcome) =>
        (parameters.Scale * outputs[order[outcome]]) + parameters.Bias[outcome];
}
