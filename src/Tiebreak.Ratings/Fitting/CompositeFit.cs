using Tiebreak.Core;
using Tiebreak.Core.Numerics;
using Tiebreak.Ratings.Uncertainty;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.Ratings.Fitting;

/// <summary>
/// One rating over categories whose weights are chosen instead of given by how many votes each has: the sum over categories of weight times
/// mean loss is minimised (as arena-rank's composite leaderboards), with a penalty of 1e-7: the 1e-5 there
/// moves ratings by some hundredths of a point.
/// </summary>
internal static class CompositeFit
{
    private const double Penalty = 1e-7;

    /// <summary>Fits, and computes the covariance of the strengths.</summary>
    /// <param name="votes">The votes.</param>
    /// <param name="labels">The category of each; votes of categories without weight do not count.</param>
    /// <param name="weights">The weight of each category; scaled to sum 1.</param>
    /// <param name="model">The rating model.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it.</param>
    /// <exception cref="InputException">A category has no votes or a weight that is none.</exception>
    public static (RatingFit Fit, StrengthCovariance Covariance) Of(
        VoteSet votes, string[] labels, IReadOnlyDictionary<string, double> weights, Models.RatingModel model, int threads)
    {
        var whole = VoteCounts.Of(votes);
        var total = weights.Values.Sum();
        var parts = weights.Where(category => category.Value != 0)
            .Select(category => (Weight: Checked(category) / total, Counts: Part(votes, whole, labels, category.Key))).ToList();
        var (combined, squares) = (new double[whole.Weights.Length], new double[whole.Weights.Length]);
        foreach (var (weight, counts) in parts)
        {
            var factor = weight / counts.TotalWeight;
            SquareMatrix.AddScaled(combined, counts.Weights, factor);
            SquareMatrix.AddScaled(squares, counts.Squares, factor * factor);
        }

        var composite = whole.With(combined, squares);
        Connectivity.Of(composite).ThrowIfRatingsDoNotExist();
        var fit = RatingFit.Of(composite, model, Penalty);
        var middle = new SquareMatrix(fit.Likelihood.Parameters);
        var gradient = new double[middle.Size];
        foreach (var (weight, counts) in parts)
        {
            // Scores centred within the category: its mean score is not 0, since the sum over categories is.
            var factor = weight * weight / (counts.TotalWeight * counts.TotalWeight);
            for (var slot = 0; slot < counts.Squares.Length; slot++)
            {
                if (counts.Squares[slot] > 0)
                {
                    Sandwich.AddProduct(
                        middle, fit.Likelihood, factor * counts.Squares[slot], slot, fit.Likelihood.Score(fit.Parameters, slot));
                }
            }

            fit.Likelihood.Evaluate(fit.Parameters, counts.Weights, gradient, hessian: null);
            for (var i = 0; i < gradient.Length; i++)
                SquareMatrix.AddScaled(middle.Row(i), gradient, -factor * gradient[i] / counts.TotalWeight);
        }

        return (fit, new StrengthCovariance(ModelCovariance.Of(fit, threads), Sandwich.Between(fit, middle, threads)));
    }

    private static double Checked(KeyValuePair<string, double> category) => category.Value > 0 && double.IsFinite(category.Value)
        ? category.Value
        : throw new InputException($"The category {category.Key} has the weight {category.Value}; weights are numbers from 0 on.");

    private static VoteCounts Part(VoteSet votes, VoteCounts whole, string[] labels, string category)
    {
        var part = whole.Of(
            votes, Enumerable.Range(0, votes.Count).Where(row => string.Equals(labels[row], category, StringComparison.Ordinal)));
        return part.TotalWeight > 0
            ? part
            : throw new InputException(
                $"No vote is of the category {category}. There are {string.Join(", ", labels.Distinct(StringComparer.Ordinal).Take(8))}.");
    }
}
