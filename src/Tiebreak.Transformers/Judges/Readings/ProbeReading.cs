using Tiebreak.Core.Battles;
using Tiebreak.Torch.Operators;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Judges.Readings;

/// <summary>
/// Outputs that are the states of both sides: a linear probe (Alain and Bengio 2016, arXiv 1610.01644), fitted on the votes, makes the
/// preference. See <see cref="ProbeWeights"/>.
/// </summary>
/// <param name="weights">The weights.</param>
/// <param name="penalty">The L2 penalty of a fit; null: the one that does best on held-out folds.</param>
internal sealed class ProbeReading(ProbeWeights weights, double? penalty) : OutputReading
{
    private readonly double[] _all = [.. weights.Ahead, .. weights.Gap, .. weights.Middle];

    public override ReadingParameters Parameters => ReadingParameters.Plain with { Probe = weights };

    public override bool IsFixed => false;

    public override Preference Read(ReadOnlySpan<float> outputs)
    {
        if (_all.Length == 0)
            return Preference.Uniform; // nothing is fitted yet
        var features = new double[_all.Length];
        ProbeFit.Fill(outputs, features);
        var (ahead, tie) = ProbeFit.Score(_all, weights.Tie, features);
        return Preference.FromScores(ahead / 2, -ahead / 2, tie);
    }

    public override Tensor LogProbabilities(Tensor outputs)
    {
        using var scope = NewDisposeScope();
        var sides = outputs.chunk(2, 1); // [battles, hidden] each
        var difference = sides[0] - sides[1];
        var ahead = difference.matmul(Vector(weights.Ahead)); // [battles]
        var middle = sides[0].Add(sides[1]).Divide(2);
        var tie = difference.abs().matmul(Vector(weights.Gap)).Add(middle.matmul(Vector(weights.Middle))).Add(weights.Tie);
        return stack([ahead.Divide(2), (-ahead).Divide(2), tie], 1).log_softmax(1).MoveToOuterDisposeScope();

        Tensor Vector(IReadOnlyList<double> values) => tensor([.. values], dtype: outputs.dtype, device: outputs.device);
    }

    public override OutputReading Fit(IReadOnlyList<float[]> outputs, IReadOnlyList<Preference> targets) =>
        new ProbeReading(ProbeFit.Of(outputs, targets, penalty ?? weights.Penalty), penalty);

    public override FoldReadings FitFolds(ScoredVotes votes, int[] folds, int foldCount, int threads)
    {
        var (final, ofFold) = ProbeFit.Of(votes.First, votes.Targets, folds, foldCount, penalty, threads);
        return new FoldReadings(new ProbeReading(final, penalty), Array.ConvertAll(ofFold, fold => new ProbeReading(fold, penalty)));
    }
}
