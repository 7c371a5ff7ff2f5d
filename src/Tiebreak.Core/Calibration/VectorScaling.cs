using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;

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
    private const int MaxSteps = 100;

    // A sum of squared distances from "changes nothing", so that rows that all say the same still have one answer.
    private const double Ridge = 0.01;

    /// <inheritdoc/>
    public bool IsValid => double.IsFinite(Decisive) && double.IsFinite(Tie) && double.IsFinite(TieBias);

    /// <summary>Minimises the log loss by Newton's method; the problem is convex.</summary>
    /// <param name="preferences">What the judge said.</param>
    /// <param name="targets">What people said, row by row.</param>
    public static VectorScaling Fit(IReadOnlyList<Preference> preferences, IReadOnlyList<Preference> targets)
    {
        var best = new VectorScaling(1, 1, 0);
        var loss = best.Loss(preferences, targets);
        for (var step = 0; step < MaxSteps; step++)
        {
            var (decisive, tie, bias) = best.NewtonStep(preferences, targets);
            var size = 1.0;
            var next = best;
            var nextLoss = double.PositiveInfinity;
            while (size > 1e-6 && !(nextLoss <= loss))
            {
                next = new VectorScaling(best.Decisive - (size * decisive), best.Tie - (size * tie), best.TieBias - (size * bias));
                nextLoss = next.Loss(preferences, targets);
                size /= 2;
            }

            if (!(nextLoss <= loss))
                break;
            var gain = loss - nextLoss;
            (best, loss) = (next, nextLoss);
            if (gain < 1e-10 * Math.Max(1, preferences.Count))
                break;
        }

        return best;
    }

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

    private double Loss(IReadOnlyList<Preference> preferences, IReadOnlyList<Preference> targets)
    {
        var sum = Ridge / 2 * (((Decisive - 1) * (Decisive - 1)) + ((Tie - 1) * (Tie - 1)) + (TieBias * TieBias));
        for (var i = 0; i < preferences.Count; i++)
            sum += LogLoss.Of(Apply(preferences[i]), targets[i]);
        return sum;
    }

    // Gradient and hessian of the cross-entropy: with m = pA - pB, the score of A against B has variance pA + pB - m^2, that of the tie
    // pTie (1 - pTie), and their covariance is -m pTie.
    private (double Decisive, double Tie, double TieBias) NewtonStep(
        IReadOnlyList<Preference> preferences, IReadOnlyList<Preference> targets)
    {
        Span<double> gradient = [Ridge * (Decisive - 1), Ridge * (Tie - 1), Ridge * TieBias];
        var (dd, tt, bb, dt, db, tb) = (Ridge, Ridge, Ridge, 0.0, 0.0, 0.0);
        for (var i = 0; i < preferences.Count; i++)
        {
            var (d, t) = Contrasts(preferences[i]);
            var (p, q) = (Apply(preferences[i]), targets[i]);
            d /= 2;
            var ahead = p.A - p.B;
            gradient[0] += d * (ahead - (q.A - q.B));
            gradient[1] += t * (p.Tie - q.Tie);
            gradient[2] += p.Tie - q.Tie;
            var (decisive, tie, both) = (p.A + p.B - (ahead * ahead), p.Tie * (1 - p.Tie), -ahead * p.Tie);
            dd += d * d * decisive;
            tt += t * t * tie;
            bb += tie;
            dt += d * t * both;
            db += d * both;
            tb += t * tie;
        }

        // Cramer's rule; the ridge keeps the determinant above 0.
        var (c0, c1, c2) = ((tt * bb) - (tb * tb), (db * tb) - (dt * bb), (dt * tb) - (db * tt));
        var determinant = (dd * c0) + (dt * c1) + (db * c2);
        var (c3, c4, c5) = ((dd * bb) - (db * db), (dt * db) - (dd * tb), (dd * tt) - (dt * dt));
        return (
            ((c0 * gradient[0]) + (c1 * gradient[1]) + (c2 * gradient[2])) / determinant,
            ((c1 * gradient[0]) + (c3 * gradient[1]) + (c4 * gradient[2])) / determinant,
            ((c2 * gradient[0]) + (c4 * gradient[1]) + (c5 * gradient[2])) / determinant);
    }
}
