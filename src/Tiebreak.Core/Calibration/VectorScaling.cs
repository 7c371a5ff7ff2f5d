using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;
using Tiebreak.Core.Numerics;

namespace Tiebreak.Core.Calibration;

/// <summary>
/// Platt's scaling for three outcomes (vector scaling, Guo et al. 2017, arXiv 1706.04599) as far as a swap of A and B allows it: with the
/// log probabilities a, b and t, the scores of A, B and tie are d/2, -d/2 and t', where d = Decisive * (a - b) and
/// t' = Tie * (t - (a + b) / 2) + TieBias. Decisive = Tie and TieBias = 0 is a temperature.
/// </summary>
/// <param name="Decisive">Factor of how much A is ahead of B.</param>
/// <param name="Tie">Factor of how much a tie is ahead of both.</param>
/// <param name="TieBias">Added to the score of a tie.</param>
internal sealed record VectorScaling(double Decisive, double Tie, double TieBias) : ICalibration
{
    // A sum of squared distances from "changes nothing", so that rows that all say the same still have one answer.
    private const double Ridge = 0.01;

    /// <inheritdoc/>
    public bool IsValid => double.IsFinite(Decisive) && double.IsFinite(Tie) && double.IsFinite(TieBias);

    /// <summary>Minimises the log loss, a convex problem.</summary>
    /// <param name="preferences">What the judge said.</param>
    /// <param name="targets">What people said, row by row.</param>
    /// <param name="weights">How much each row counts.</param>
    public static VectorScaling Fit(
        IReadOnlyList<Preference> preferences, IReadOnlyList<Preference> targets, IReadOnlyList<double> weights) =>
        At(Newton.Minimise(
            [1, 1, 0], (at, gradient, hessian) => At(at).AddLoss(preferences, targets, weights, gradient, hessian)).Parameters);

    /// <inheritdoc/>
    public Preference Apply(Preference preference, Battle battle) => Apply(preference);

    private Preference Apply(Preference preference)
    {
        var (d, t) = Contrasts(preference);
        return Preference.FromScores(Decisive * d / 2, -Decisive * d / 2, (Tie * t) + TieBias);
    }

    private static (double Decisive, double Tie) Contrasts(Preference preference)
    {
        var a = Math.Log(Math.Max(preference.A, LogLoss.Epsilon));
        var b = Math.Log(Math.Max(preference.B, LogLoss.Epsilon));
        return (a - b, Math.Log(Math.Max(preference.Tie, LogLoss.Epsilon)) - ((a + b) / 2));
    }

    private static VectorScaling At(double[] at) => new(at[0], at[1], at[2]);

    // Gradient and Hessian of the cross-entropy: with m = pA - pB, the score of A against B has variance pA + pB - m^2, that of the tie
    // pTie (1 - pTie), and their covariance is -m pTie.
    private double AddLoss(
        IReadOnlyList<Preference> preferences, IReadOnlyList<Preference> targets, IReadOnlyList<double> weights, double[] gradient,
        SquareMatrix hessian)
    {
        Span<double> change = [Decisive - 1, Tie - 1, TieBias];
        var loss = 0.0;
        for (var k = 0; k < change.Length; k++)
        {
            loss += Ridge / 2 * change[k] * change[k];
            gradient[k] += Ridge * change[k];
            hessian[k, k] += Ridge;
        }

        for (var i = 0; i < preferences.Count; i++)
        {
            var (d, t) = Contrasts(preferences[i]);
            var (p, q, weight) = (Apply(preferences[i]), targets[i], weights[i]);
            d /= 2;
            loss += weight * LogLoss.Of(p, q);
            var ahead = p.A - p.B;
            gradient[0] += weight * d * (ahead - (q.A - q.B));
            gradient[1] += weight * t * (p.Tie - q.Tie);
            gradient[2] += weight * (p.Tie - q.Tie);
            var (decisive, tie, both) = (p.A + p.B - (ahead * ahead), p.Tie * (1 - p.Tie), -ahead * p.Tie);
            hessian[0, 0] += weight * d * d * decisive;
            hessian[1, 1] += weight * t * t * tie;
            hessian[2, 2] += weight * tie;
            hessian[1, 0] += weight * d * t * both;
            hessian[2, 0] += weight * d * both;
            hessian[2, 1] += weight * t * tie;
        }

        return loss; // of the Hessian the lower triangle, which is what is read
    }
}
