using Tiebreak.Core.Battles;

namespace Tiebreak.Features.LightGbm;

/// <summary>The loss of <see cref="LogisticObjective"/>.</summary>
internal sealed class LogisticLoss(LabelledRows rows, Func<Preference, (double Yes, double No)> question) : IBoostingLoss
{
    private readonly double _total = rows.Weights.Sum();
    private readonly (double Yes, double No)[] _answers =
        [.. rows.Targets.Zip(rows.Weights, (target, weight) => (weight * question(target).Yes, weight * question(target).No))];

    /// <inheritdoc/>
    public void Differentiate(ReadOnlySpan<double> scores, Span<float> gradient, Span<float> hessian)
    {
        for (var i = 0; i < _answers.Length; i++)
        {
            var p = 1 / (1 + Math.Exp(-scores[i]));
            var (yes, no) = _answers[i];
            gradient[i] = (float)((p * (yes + no)) - yes);
            hessian[i] = (float)((yes + no) * p * (1 - p));
        }
    }

    /// <inheritdoc/>
    public double Mean(ReadOnlySpan<double> scores)
    {
        var sum = 0.0;
        for (var i = 0; i < _answers.Length; i++)
        {
            sum += (_answers[i].Yes * LogisticObjective.LogOnePlusExp(-scores[i]))
                + (_answers[i].No * LogisticObjective.LogOnePlusExp(scores[i]));
        }

        return sum / _total;
    }
}
