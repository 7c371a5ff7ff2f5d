using MathNet.Numerics;
using Tiebreak.Core.Battles;
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
            TieShare = (double)rows.Count(row => votes.Verdicts[row].ToOutcome() == Outcome.Tie) / rows.Length,
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
                Note = left == 0 ? null : $"{left} of {votes.Models.Count} models are left out: too few votes in it or in the rest",
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
        var places = inside.Models.Select(model => outside.Models.ToList().IndexOf(model)).ToArray();
        var (difference, errors) = (new double[n], new double[n]);
        var (one, other) = (inside.Covariance.RelativeTo(n, null), outside.Covariance.RelativeTo(n, null));
        for (var i = 0; i < n; i++)
        {
            difference[i] = Centred(inside, i) - Centred(outside, places[i]);
            errors[i] = Math.Sqrt(Math.Max(0, one[i, i] + other[places[i], places[i]]));
        }

        // Differences sum to 0: the last one follows from the others.
        var joint = new SquareMatrix(n - 1);
        for (var i = 0; i < n - 1; i++)
        {
            for (var j = 0; j < n - 1; j++)
                joint[i, j] = one[i, j] + other[places[i], places[j]];
        }

        if (Cholesky.TryFactor(joint) is not { } factor)
            return null;
        var solved = difference[..^1];
        factor.Solve(solved);
        var p = Holm.Adjust([.. Enumerable.Range(0, n).Select(i => Gaussian.TwoSidedPValue(difference[i] / errors[i]))]);
        var ratings = Enumerable.Range(0, n).Select(i => new SliceRating(
            inside.Models[i], EloScale.Rating(Centred(inside, i)), EloScale.Rating(Centred(outside, places[i])),
            EloScale.PointsPerNat * errors[i], p[i]));
        return ([.. ratings.OrderByDescending(rating => rating.Rating)], SquareMatrix.Dot(solved, difference.AsSpan(0, n - 1)));
    }

    private static double Centred(Part part, int model) => part.Strengths[model] - part.Strengths.Average();

    private sealed record Part(IReadOnlyList<string> Models, IReadOnlyList<double> Strengths, SquareMatrix Covariance)
    {
        public static Part? Of(VoteSet votes, int[] rows, HashSet<int> models, RatingModel model, int[]? clusters, int threads)
        {
            var kept = rows.Where(row => models.Contains(votes.ModelA[row]) && models.Contains(votes.ModelB[row])).ToArray();
            var part = votes.At(kept).WithoutUnusedModels();
            try
            {
                var fit = RatingFit.Of(VoteCounts.Of(part), model);
                var covariance = clusters is null
                    ? Sandwich.Covariance(fit, threads)
                    : Sandwich.Covariance(fit, part, Clusters.Renumber([.. kept.Select(row => clusters[row])]), threads);
                return new Part(part.Models, fit.Strengths, covariance);
            }
            catch (Core.InputException)
            {
                // A slice may lack an outcome that the model needs; the others are still worth showing.
                return null;
            }
        }
    }
}
