using Tiebreak.Core.Numerics;
using Tiebreak.Ratings.Fitting;
using Tiebreak.Ratings.Uncertainty;

namespace Tiebreak.Ratings.Diagnostics;

/// <summary>
/// Where further votes narrow the intervals most: the pairs with the largest effect on the trace of the covariance (A-optimal design,
/// Chernoff 1953).
/// </summary>
public static class NextPairs
{
    /// <summary>Finds pairs, the most useful first.</summary>
    /// <param name="fit">The ratings.</param>
    /// <param name="votes">How many votes to spend on a pair.</param>
    /// <param name="most">How many pairs are listed.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it. -1: no limit.</param>
    public static IReadOnlyList<NextPair> Find(RatingFit fit, int votes = 100, int most = 10, int threads = -1)
    {
        var n = fit.Strengths.Count;
        var inverse = Sandwich.InverseHessian(fit, threads).RelativeTo(n, reference: null);
        var trace = 0.0;
        for (var i = 0; i < n; i++)
            trace += inverse[i, i];

        var gains = new (double Gain, int Other)[n][];
        Parallel.For(0, n, new ParallelOptions { MaxDegreeOfParallelism = threads }, i =>
        {
            var row = new (double Gain, int Other)[i];
            for (var j = 0; j < i; j++)
                row[j] = (Narrowing(inverse, n, i, j, votes * fit.Information(i, j)) / trace, j);
            gains[i] = row;
        });
        return [.. gains.SelectMany((row, i) => row.Select(gain => (gain.Gain, One: i, gain.Other)))
            .OrderByDescending(gain => gain.Gain).ThenBy(gain => gain.One).ThenBy(gain => gain.Other).Take(most)
            .Select(gain => new NextPair(
                fit.Counts.Models[gain.One], fit.Counts.Models[gain.Other],
                fit.Counts.PairOf(gain.One, gain.Other) is var pair and >= 0 ? fit.Counts.VotesOf(pair) : 0, gain.Gain))];
    }

    // Sherman and Morrison: H grows by information · z zᵀ with z = 1 for one and -1 for the other.
    private static double Narrowing(SquareMatrix inverse, int models, int one, int other, double information)
    {
        var (squares, along) = (0.0, inverse[one, one] + inverse[other, other] - (2 * inverse[one, other]));
        var first = inverse.Row(one)[..models];
        var second = inverse.Row(other)[..models];
        for (var k = 0; k < first.Length; k++)
            squares += (first[k] - second[k]) * (first[k] - second[k]);
        return information * squares / (1 + (information * along));
    }
}

/// <summary>Two models that should meet next.</summary>
/// <param name="One">A model.</param>
/// <param name="Other">Another.</param>
/// <param name="Battles">How often they have met.</param>
/// <param name="Narrowing">
/// By how much the sum of the variances of all ratings shrinks with so many more votes between them, from 0 to 1.
/// </param>
public sealed record NextPair(string One, string Other, int Battles, double Narrowing);
