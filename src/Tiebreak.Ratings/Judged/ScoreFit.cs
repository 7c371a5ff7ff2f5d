using Tiebreak.Core.Battles;
using Tiebreak.Core.Numerics;
using Tiebreak.Ratings.Fitting;
using Tiebreak.Ratings.Models;
using Tiebreak.Ratings.Uncertainty;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.Ratings.Judged;

/// <summary>Bradley-Terry ratings from scores between 0 and 1, votes or a judge's, with their robust covariance.</summary>
internal sealed class ScoreFit
{
    private ScoreFit(RatingFit fit, double[] residuals, SquareMatrix inverseHessian) =>
        (Fit, Residuals, InverseHessian) = (fit, residuals, inverseHessian);

    public RatingFit Fit { get; }

    /// <summary>Expected score less score of every battle.</summary>
    public double[] Residuals { get; }

    public SquareMatrix InverseHessian { get; }

    /// <summary>Fits.</summary>
    /// <param name="battles">The battles, all of which count.</param>
    /// <param name="scores">The score of side A in each.</param>
    /// <param name="penalty">Factor of half the squared strengths.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it.</param>
    /// <exception cref="Core.InputException">Ratings do not exist.</exception>
    public static ScoreFit Of(JudgedBattles battles, double[] scores, double penalty, int threads)
    {
        var verdicts = new Verdict[battles.Count];
        for (var row = 0; row < verdicts.Length; row++)
            verdicts[row] = battles.Verdicts[row] ?? (scores[row] > 0.5 ? Verdict.A : scores[row] < 0.5 ? Verdict.B : Verdict.Tie);
        var counts = VoteCounts.Of(new VoteSet(battles.Models, battles.ModelA, battles.ModelB, verdicts));
        var weights = new double[counts.Weights.Length];
        for (var row = 0; row < scores.Length; row++)
        {
            var (a, b) = (battles.ModelA[row], battles.ModelB[row]);
            weights[counts.SlotOf(a, b, Verdict.A)] += scores[row];
            weights[counts.SlotOf(a, b, Verdict.B)] += 1 - scores[row];
        }

        var fit = RatingFit.Of(counts.With(weights), RatingModel.BradleyTerry, penalty);
        double[] residuals = [.. scores.Select((score, row) => Expected(fit, battles, row) - score)];
        return new ScoreFit(fit, residuals, Sandwich.InverseHessian(fit, threads));
    }

    /// <summary>The expected score of side A.</summary>
    public static double Expected(RatingFit fit, JudgedBattles battles, int row) =>
        Logistic.Of(fit.Strengths[battles.ModelA[row]] - fit.Strengths[battles.ModelB[row]]);

    /// <summary>
    /// The covariance of the strengths. Scores that are no votes scatter less than the model says: its own covariance is multiplied by how
    /// much less they do on all battles together (the dispersion of McCullagh and Nelder 1989, section 9.2).
    /// </summary>
    public StrengthCovariance Covariance(JudgedBattles battles, int[]? clusters, int threads) => new(
        ModelCovariance.Of(Fit, threads).Scaled(Dispersion(battles)),
        InverseHessian
            .Times(ScoreMoments.Of(battles, Residuals, Residuals, clusters).Combined(0), threads)
            .Times(InverseHessian, threads));

    private double Dispersion(JudgedBattles battles)
    {
        var free = battles.Count - battles.Models.Count + 1;
        if (free <= 0)
            return 1;
        var (observed, expected) = (0.0, 0.0);
        for (var row = 0; row < battles.Count; row++)
        {
            var p = Expected(Fit, battles, row);
            observed += Residuals[row] * Residuals[row];
            expected += p * (1 - p);
        }

        return Math.Min(1, observed / expected * battles.Count / free);
    }
}
