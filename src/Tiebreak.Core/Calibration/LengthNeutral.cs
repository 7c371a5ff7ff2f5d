using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Metrics;
using Tiebreak.Core.Numerics;

namespace Tiebreak.Core.Calibration;

/// <summary>
/// A temperature, and an advantage in log odds for the longer response, so that a judge leans to length as much as people do: where the
/// loss is least, the mean of P(longer) - P(shorter) is that of the labels (the likelihood equation of the advantage).
/// </summary>
/// <param name="Power">The inverse of the temperature.</param>
/// <param name="Longer">Added to the log odds of the longer response against the shorter one; below 0 takes away.</param>
internal sealed record LengthNeutral(double Power, double Longer) : ICalibration
{
    // A sum of squared distances from "changes nothing", so that responses of equal length still have one answer.
    private const double Ridge = 0.01;

    /// <inheritdoc/>
    public bool IsValid => Power > 0 && double.IsFinite(Power) && double.IsFinite(Longer);

    /// <summary>Minimises the log loss, a convex problem.</summary>
    /// <param name="preferences">What the judge said.</param>
    /// <param name="labelled">What it said it about, what people said, and how much each battle counts.</param>
    public static LengthNeutral Fit(IReadOnlyList<Preference> preferences, LabelledBattles labelled)
    {
        double[] longer = [.. labelled.Battles.Select(Side)];
        var fitted = Newton.Minimise(
            [1, 0],
            (at, gradient, hessian) => new LengthNeutral(at[0], at[1]).AddLoss(preferences, longer, labelled, gradient, hessian),
            at => at[0] > 0);
        return new LengthNeutral(fitted.Parameters[0], fitted.Parameters[1]);
    }

    /// <inheritdoc/>
    public Preference Apply(Preference preference, Battle battle) => Apply(preference, Side(battle));

    private Preference Apply(Preference preference, double longer)
    {
        var (a, b, tie) = Logs(preference);
        var ahead = Longer * longer / 2;
        return Preference.FromScores((Power * a) + ahead, (Power * b) - ahead, Power * tie);
    }

    /// <summary>1 where A has more characters, -1 where B has, 0 where they have as many.</summary>
    private static double Side(Battle battle) =>
        Math.Sign(battle.Turns.Sum(turn => (long)(turn.ResponseA?.Length ?? 0) - (turn.ResponseB?.Length ?? 0)));

    private static (double A, double B, double Tie) Logs(Preference preference) =>
        (Log(preference.A), Log(preference.B), Log(preference.Tie));

    private static double Log(double probability) => Math.Log(Math.Max(probability, LogLoss.Epsilon));

    // Gradient and Hessian of the cross-entropy: the covariance, under p, of the log probabilities and of the side's +-1/2.
    private double AddLoss(
        IReadOnlyList<Preference> preferences, double[] longer, LabelledBattles labelled, double[] gradient, SquareMatrix hessian)
    {
        var loss = Ridge / 2 * (((Power - 1) * (Power - 1)) + (Longer * Longer));
        gradient[0] += Ridge * (Power - 1);
        gradient[1] += Ridge * Longer;
        hessian[0, 0] += Ridge;
        hessian[1, 1] += Ridge;
        for (var i = 0; i < preferences.Count; i++)
        {
            var (a, b, tie) = Logs(preferences[i]);
            var (p, q, side) = (Apply(preferences[i], longer[i]), labelled.Targets[i], longer[i] / 2);
            var weight = labelled.Weights[i];
            loss += weight * LogLoss.Of(p, q);
            var (mean, ahead) = ((p.A * a) + (p.B * b) + (p.Tie * tie), p.A - p.B);
            gradient[0] += weight * (mean - (q.A * a) - (q.B * b) - (q.Tie * tie));
            gradient[1] += weight * side * (ahead - (q.A - q.B));
            hessian[0, 0] += weight * ((p.A * a * a) + (p.B * b * b) + (p.Tie * tie * tie) - (mean * mean));
            hessian[1, 1] += weight * side * side * (p.A + p.B - (ahead * ahead));
            hessian[1, 0] += weight * side * ((p.A * a) - (p.B * b) - (mean * ahead));
        }

        return loss; // of the Hessian the lower triangle, which is what is read
    }
}
