using MathNet.Numerics;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Numerics;
using Tiebreak.Ratings.Fitting;
using Tiebreak.Ratings.Models;
using Tiebreak.Ratings.Uncertainty;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.Ratings.Slices;

/// <summary>
/// Whether people rank models differently in slices of the votes: each slice is rated by itself and tested against all other votes.
/// </summary>
public static class SliceComparison
{
    /// <summary>Compares every slice with all votes that are not in it.</summary>
    /// <param name="votes">The votes.</param>
    /// <param name="slicing">How to cut them; rows are positions of votes.</param>
    /// <param name="model">The rating model.</param>
    /// <param name="clusters">The cluster of each vote, or null if votes are independent.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it. -1: no limit.</param>
    /// <returns>The slices in the order of the slicing.</returns>
    public static IReadOnlyList<SliceLeaderboard> Compare(
        VoteSet votes, Slicing slicing, RatingModel model, int[]? clusters, int threads = -1) =>
        [.. slicing.Slices.Select(slice => Compare(votes, slice, model, clusters, threads))];

    private static SliceLeaderboard Compare(VoteSet votes, Slice slice, RatingModel model, int[]? clusters, int threads)
    {
        int[] rows = [.. slice.Rows];
        var isInside = new bool[votes.Count];
        foreach (var row in rows)
            isInside[row] = true;
        int[] rest = [.. Enumerable.Range(0, votes.Count).Where(row => !isInside[row])];
        var result = new SliceLeaderboard
        {
            Slice = slice.Name,
            Votes = rows.Length,
            TieShare = rows.Average(row => votes.Label(row).Tie),
            Ratings = [],
        };
        if (rest.Length == 0)
            return result with { Note = "all votes are in it, so that there is nothing to compare it with" };

        var compared = CommonModels(votes, rows, rest);
        if (compared.Count < 2)
            return result with { Note = "too few votes to rate any two models in it and in the rest" };

        var inside = Part.Of(votes, rows, compared, model, clusters, threads);
        var outside = Part.Of(votes, rest, compared, model, clusters, threads);
        var left = votes.Models.Count - compared.Count;
        return Test(inside, outside) is not { } test
            ? result with { Note = "too few votes to rate the models in it" }
            : result with
            {
                Ratings = test.Ratings,
                ChiSquared = test.Statistic,
                DegreesOfFreedom = compared.Count - 1,
                PValue = SpecialFunctions.GammaUpperRegularized((compared.Count - 1) / 2.0, test.Statistic / 2),
                Note = left == 0
                    ? null
                    : $"{left} of {votes.Models.Count} models {(left == 1 ? "is" : "are")} left out: too few votes in it or in the rest",
            };
    }

    /// <summary>Models among which ratings exist in both parts: groups are cut down until nothing changes.</summary>
    private static HashSet<int> CommonModels(VoteSet votes, int[] rows, int[] rest)
    {
        var kept = Enumerable.Range(0, votes.Models.Count).ToHashSet();
        for (var before = kept.Count + 1; kept.Count < before && kept.Count > 1;)
        {
            before = kept.Count;
            foreach (var part in (int[][])[rows, rest])
            {
                var between = part.Where(row => kept.Contains(votes.ModelA[row]) && kept.Contains(votes.ModelB[row])).ToArray();
                if (between.Length == 0)
                    return [];
                kept.IntersectWith(Connectivity.Of(VoteCounts.Of(votes.At(between))).Groups.MaxBy(group => group.Count)!);
            }
        }

        return kept;
    }

    private static (IReadOnlyList<SliceRating> Ratings, double Statistic)? Test(Part? inside, Part? outside)
    {
        if (inside is null || outside is null)
            return null;

        var n = inside.Models.Count;
        var outsideModels = outside.Models.ToList();
        int[] places = [.. inside.Models.Select(model => outsideModels.IndexOf(model))];
        double[] difference = [.. Enumerable.Range(0, n).Select(i => Centred(inside, i) - Centred(outside, places[i]))];
        var own = Sum(inside.Covariance.Model, outside.Covariance.Model, places);
        var robust = Sum(inside.Covariance.Robust, outside.Covariance.Robust, places);
        if (Statistic(difference, own) is not { } statistic)
            return null;

        double[] errors = [.. Enumerable.Range(0, n).Select(i => Math.Sqrt(Math.Max(own[i, i], robust[i, i])))];
        var p = Holm.Adjust([.. Enumerable.Range(0, n).Select(i => Gaussian.TwoSidedPValue(difference[i] / errors[i]))]);
        var ratings = Enumerable.Range(0, n).Select(i => new SliceRating(
            inside.Models[i], EloScale.Rating(Centred(inside, i)), EloScale.Rating(Centred(outside, places[i])),
            EloScale.PointsPerNat * errors[i], p[i]));

        // Each contrast has the larger of two variances, and so all together have the smaller of two statistics.
        return (
            [.. ratings.OrderByDescending(rating => rating.Rating)],
            Math.Min(statistic, Statistic(difference, robust) ?? double.PositiveInfinity));
    }

    /// <summary>The covariance of the differences between the strengths of two parts, each less its mean.</summary>
    private static SquareMatrix Sum(SquareMatrix inside, SquareMatrix outside, int[] places)
    {
        var n = places.Length;
        var (one, other, sum) = (inside.RelativeTo(n, null), outside.RelativeTo(n, null), new SquareMatrix(n));
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
                sum[i, j] = one[i, j] + other[places[i], places[j]];
        }

        return sum;
    }

    /// <summary>
    /// Wald's statistic of differences that sum to 0, so that the last follows from the others; null if the covariance is singular.
    /// </summary>
    private static double? Statistic(double[] difference, SquareMatrix covariance)
    {
        var joint = new SquareMatrix(difference.Length - 1);
        for (var i = 0; i < joint.Size; i++)
            covariance.Row(i)[..joint.Size].CopyTo(joint.Row(i));
        if (Cholesky.TryFactor(joint) is not { } factor)
            return null;
        var solved = difference[..^1];
        factor.Solve(solved.AsSpan());
        return SquareMatrix.Dot(solved, difference.AsSpan(0, joint.Size));
    }

    private static double Centred(Part part, int model) => part.Strengths[model] - part.Strengths.Average();

    private sealed record Part(IReadOnlyList<string> Models, IReadOnlyList<double> Strengths, StrengthCovariance Covariance)
    {
        public static Part? Of(VoteSet votes, int[] rows, HashSet<int> models, RatingModel model, int[]? clusters, int threads)
        {
            var kept = rows.Where(row => models.Contains(votes.ModelA[row]) && models.Contains(votes.ModelB[row])).ToArray();
            var part = votes.At(kept).WithoutUnusedModels();
            try
            {
                var fit = RatingFit.Of(VoteCounts.Of(part), model);
                int[]? own = clusters is null ? null : Clusters.Renumber([.. kept.Select(row => clusters[row])]);
                return new Part(part.Models, fit.Strengths, StrengthCovariance.Of(fit, part, own, threads));
            }
            catch (Core.InputException)
            {
                // A slice may lack an outcome that the model needs; the others are still worth showing.
                return null;
            }
        }
    }
}
