using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;

namespace Tiebreak.Boosting.LightGbm;

/// <summary>Cross-entropy of a softmax over the scores of A, B and tie.</summary>
public sealed class SoftmaxObjective : IBoostingObjective
{
    private const int Outcomes = 3;

    /// <inheritdoc/>
    public int Scores => Outcomes;

    /// <inheritdoc/>
    public void Differentiate(double[] scores, LabelledRows rows, float[] gradient, float[] hessian)
    {
        // g = p - q; LightGBM scales the diagonal hessian p (1 - p) by K / (K - 1), as its own objective does.
        var count = rows.Targets.Count;
        const double factor = Outcomes / (Outcomes - 1.0);
        for (var i = 0; i < count; i++)
        {
            var p = Preference.FromScores(scores[i], scores[count + i], scores[(2 * count) + i]);
            var (q, weight) = (rows.Targets[i], rows.Weights[i]);
            gradient[i] = (float)(weight * (p.A - q.A));
            gradient[count + i] = (float)(weight * (p.B - q.B));
            gradient[(2 * count) + i] = (float)(weight * (p.Tie - q.Tie));
            hessian[i] = (float)(weight * factor * p.A * (1 - p.A));
            hessian[count + i] = (float)(weight * factor * p.B * (1 - p.B));
            hessian[(2 * count) + i] = (float)(weight * factor * p.Tie * (1 - p.Tie));
        }
    }

    /// <inheritdoc/>
    public double MeanLoss(double[] scores, LabelledRows rows)
    {
        var count = rows.Targets.Count;
        var sum = 0.0;
        for (var i = 0; i < count; i++)
            sum += rows.Weights[i] * LogLoss.Of(Preference.FromScores(scores[i], scores[count + i], scores[(2 * count) + i]), rows.Targets[i]);
        return sum / rows.Weights.Sum();
    }
}
