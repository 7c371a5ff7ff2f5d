using Tiebreak.Core.Numerics;
using Tiebreak.Ratings.Fitting;
using Tiebreak.Ratings.Models;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.Ratings.Uncertainty;

/// <summary>
/// The robust ("sandwich") covariance H⁻¹ B H⁻¹ of fitted parameters (Huber 1967; White 1982), which stays right where the model does not
/// hold, as for half-win ties, and for weighted votes. H is the Hessian, B the sum of the products of the votes' scores. A ridge of 1e-5
/// times the total weight on the strengths makes H invertible, as arena-rank does; B has no mass in the direction it touches. It is at most
/// a thousandth of the least curvature, so that it never stands for votes of a model that has few among many.
/// </summary>
internal static class Sandwich
{
    private const double RidgePerWeight = 1e-5;
    private const double RidgePerCurvature = 1e-3;

    /// <summary>The covariance of strengths and tie parameter, votes being independent.</summary>
    public static SquareMatrix Covariance(RatingFit fit, int threads)
    {
        var likelihood = fit.Likelihood;
        var middle = new SquareMatrix(likelihood.Parameters);
        for (var slot = 0; slot < fit.Counts.Squares.Length; slot++)
        {
            if (fit.Counts.Squares[slot] > 0)
                AddProduct(middle, likelihood, fit.Counts.Squares[slot], slot, likelihood.Score(fit.Parameters, slot));
        }

        return Between(fit, middle, threads);
    }

    /// <summary>
    /// The covariance if votes of one cluster (a prompt, a voter) depend on each other: scores are summed within clusters first (Liang and
    /// Zeger 1986).
    /// </summary>
    /// <param name="fit">Fitted to the votes.</param>
    /// <param name="votes">The votes.</param>
    /// <param name="clusters">The cluster of each vote, numbered from 0.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it.</param>
    public static SquareMatrix Covariance(RatingFit fit, VoteSet votes, int[] clusters, int threads)
    {
        var likelihood = fit.Likelihood;
        var scores = Array.ConvertAll(new int[fit.Counts.Weights.Length], _ => default(PairDerivatives));
        for (var slot = 0; slot < scores.Length; slot++)
            scores[slot] = likelihood.Score(fit.Parameters, slot);

        var middle = new SquareMatrix(likelihood.Parameters);
        var rows = ClusterRows.Of(clusters);
        var (sum, touched) = (new double[likelihood.Parameters], new List<int>());
        Span<VerdictShare> buffer = stackalloc VerdictShare[VoteSet.MostShares];
        for (var cluster = 0; cluster < rows.Count; cluster++)
        {
            foreach (var row in rows[cluster])
            {
                foreach (var (verdict, share) in votes.Shares(row, buffer))
                {
                    var slot = fit.Counts.SlotOf(votes.ModelA[row], votes.ModelB[row], verdict);
                    var (pair, weight) = (slot / VoteCounts.Outcomes, share * (votes.Weights?[row] ?? 1));
                    Touch(fit.Counts.First[pair], weight * scores[slot].A);
                    Touch(fit.Counts.Second[pair], weight * scores[slot].B);
                    if (likelihood.HasTie)
                        Touch(likelihood.Models, weight * scores[slot].T);
                }
            }

            foreach (var i in touched)
            {
                foreach (var j in touched)
                    middle[i, j] += sum[i] * sum[j];
            }

            foreach (var i in touched)
                sum[i] = 0;
            touched.Clear();
        }

        return Between(fit, middle, threads, (double)rows.Count / Math.Max(1, rows.Count - 1));

        void Touch(int parameter, double value)
        {
            // The sum may have cancelled to 0 after the parameter was noted.
            if (sum[parameter] == 0 && !touched.Contains(parameter))
                touched.Add(parameter);
            sum[parameter] += value;
        }
    }

    /// <summary>H⁻¹ times a given middle times H⁻¹.</summary>
    /// <param name="fit">Where H is taken.</param>
    /// <param name="middle">B.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it.</param>
    /// <param name="factor">Multiplies the result.</param>
    public static SquareMatrix Between(RatingFit fit, SquareMatrix middle, int threads, double factor = 1)
    {
        var bread = InverseHessian(fit, threads);
        return bread.Times(middle, threads).Times(bread, threads).Scaled(factor);
    }

    /// <summary>The inverse of the Hessian with its ridge.</summary>
    public static SquareMatrix InverseHessian(RatingFit fit, int threads)
    {
        var likelihood = fit.Likelihood;
        var hessian = new SquareMatrix(likelihood.Parameters);
        var gradient = new double[likelihood.Parameters];
        likelihood.Evaluate(fit.Parameters, fit.Counts.Weights, gradient, hessian);
        var least = Enumerable.Range(0, likelihood.Models).Min(i => hessian[i, i]);
        var ridge = Math.Max(fit.Penalty, Math.Min(RidgePerWeight * fit.Counts.TotalWeight, RidgePerCurvature * least));
        likelihood.EvaluatePenalised(fit.Parameters, fit.Counts.Weights, ridge, gradient, hessian);
        return Newton.TryFactor(hessian)!.Inverse(threads);
    }

    /// <summary>Adds the product of one vote's score with itself, so many times.</summary>
    public static void AddProduct(SquareMatrix middle, Likelihood likelihood, double times, int slot, PairDerivatives score)
    {
        var pair = slot / VoteCounts.Outcomes;
        Span<int> places = [likelihood.Counts.First[pair], likelihood.Counts.Second[pair], likelihood.Models];
        Span<double> values = [score.A, score.B, score.T];
        var used = likelihood.HasTie ? 3 : 2;
        for (var i = 0; i < used; i++)
        {
            for (var j = 0; j < used; j++)
                middle[places[i], places[j]] += times * values[i] * values[j];
        }
    }
}
