using Tiebreak.Core.Battles;

namespace Tiebreak.Boosting.LightGbm;

/// <summary>Cross-entropy of one question with two answers; the score is the log odds of yes.</summary>
/// <param name="question">
/// Of a target: the weight of yes and of no. Their sum is how much the row has to say about the question.
/// </param>
public sealed class LogisticObjective(Func<Preference, (double Yes, double No)> question) : IBoostingObjective
{
    /// <summary>Is it a tie?</summary>
    public static LogisticObjective Tie { get; } = new(target => (target.Tie, target.A + target.B));

    /// <summary>Does A win, if it is no tie?</summary>
    public static LogisticObjective Winner { get; } = new(target => (target.A, target.B));

    /// <inheritdoc/>
    public int Scores => 1;

    /// <inheritdoc/>
    public void Differentiate(double[] scores, LabelledRows rows, float[] gradient, float[] hessian)
    {
        for (var i = 0; i < rows.Targets.Count; i++)
        {
            var p = 1 / (1 + Math.Exp(-scores[i]));
            var (yes, no) = question(rows.Targets[i]);
            gradient[i] = (float)(rows.Weights[i] * ((p * (yes + no)) - yes));
            hessian[i] = (float)(rows.Weights[i] * (yes + no) * p * (1 - p));
        }
    }

    /// <inheritdoc/>
    public double MeanLoss(double[] scores, LabelledRows rows)
    {
        var sum = 0.0;
        for (var i = 0; i < rows.Targets.Count; i++)
        {
            var (yes, no) = question(rows.Targets[i]);
            sum += rows.Weights[i] * ((yes * LogOnePlusExp(-scores[i])) + (no * LogOnePlusExp(scores[i])));
        }

        return sum / rows.Weights.Sum();
    }

    /// <summary>ln(1 + e^x) without overflow.</summary>
    internal static double LogOnePlusExp(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));
}
