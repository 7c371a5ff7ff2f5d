using System.Numerics;
using Tiebreak.Core.Metrics;
using Tiebreak.Core.Numerics;

namespace Tiebreak.Ratings.Uncertainty;

/// <summary>Ranges of ranks.</summary>
internal static class RankRanges
{
    private const double NoVariance = 1e-16;

    /// <summary>
    /// One model's range by itself: as many are better, or worse, as have an interval that lies wholly above, or below. The best rank is
    /// the Arena's "rank (UB)".
    /// </summary>
    public static RankRange[] FromIntervals(IReadOnlyList<Interval> intervals)
    {
        var uppers = intervals.Select(interval => interval.Upper).Order().ToArray();
        var lowers = intervals.Select(interval => interval.Lower).Order().ToArray();
        return [.. intervals.Select(interval =>
            new RankRange(1 + CountAbove(lowers, interval.Upper), intervals.Count - CountBelow(uppers, interval.Lower)))];
    }

    /// <summary>
    /// Ranges that hold for all models at once with the given confidence (Mogstad, Romano, Shaikh and Wilhelm 2024, "Inference for ranks"):
    /// one counts as better than another if their difference exceeds its standard error times the quantile of the largest standardised
    /// difference.
    /// </summary>
    /// <param name="strengths">The estimates.</param>
    /// <param name="draws">Draws of them, for that quantile: bootstrap rounds, or from their normal distribution.</param>
    /// <param name="covariance">Says the standard errors.</param>
    /// <param name="level">The confidence.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it.</param>
    public static RankRange[] Simultaneous(
        IReadOnlyList<double> strengths, double[][] draws, StrengthCovariance covariance, double level, int threads)
    {
        var n = strengths.Count;
        var critical = Critical(draws, n, level, threads);
        var ranges = new RankRange[n];
        for (var i = 0; i < n; i++)
        {
            var (better, worse) = (0, 0);
            for (var j = 0; j < n; j++)
            {
                var (difference, variance) = (strengths[i] - strengths[j], covariance.OfDifference(i, j));
                if (variance <= NoVariance || difference * difference <= critical * critical * variance)
                    continue;
                better += difference < 0 ? 1 : 0;
                worse += difference > 0 ? 1 : 0;
            }

            ranges[i] = new RankRange(1 + better, n - worse);
        }

        return ranges;
    }

    /// <summary>The covariance of draws.</summary>
    public static SquareMatrix Covariance(double[][] draws, int threads) => Products(Deviations(draws, draws[0].Length), threads);

    /// <summary>The quantile of the largest standardised difference of two, which is never below that of a single one.</summary>
    private static double Critical(double[][] draws, int models, double level, int threads)
    {
        var deviations = Deviations(draws, models);
        var inverse = InverseErrors(Products(deviations, threads));
        var largest = new double[draws.Length];
        Parallel.For(0, draws.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, round =>
        {
            var values = new double[models];
            for (var i = 0; i < models; i++)
                values[i] = deviations[i][round];
            for (var i = 0; i < models; i++)
                largest[round] = Math.Max(largest[round], LargestStandardised(values, inverse.Row(i), i));
        });

        Array.Sort(largest);
        return Math.Max(Gaussian.TwoSided(level), Quantile.Of(largest, level));
    }

    /// <summary>The draws of every model, less their mean.</summary>
    private static double[][] Deviations(double[][] draws, int models)
    {
        var deviations = new double[models][];
        for (var i = 0; i < models; i++)
        {
            var mean = 0.0;
            foreach (var draw in draws)
                mean += draw[i] / draws.Length;
            deviations[i] = Array.ConvertAll(draws, draw => draw[i] - mean);
        }

        return deviations;
    }

    private static SquareMatrix Products(double[][] deviations, int threads)
    {
        var products = new SquareMatrix(deviations.Length);
        Parallel.For(0, deviations.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, i =>
        {
            for (var j = 0; j <= i; j++)
                products[i, j] = products[j, i] = SquareMatrix.Dot(deviations[i], deviations[j]) / deviations[i].Length;
        });
        return products;
    }

    /// <summary>
    /// One over the standard error of every difference; 0 where the error is 0, so that nothing counts as a difference there.
    /// </summary>
    private static SquareMatrix InverseErrors(SquareMatrix products)
    {
        var inverse = new SquareMatrix(products.Size);
        for (var i = 0; i < products.Size; i++)
        {
            for (var j = 0; j < products.Size; j++)
            {
                var variance = products[i, i] + products[j, j] - (2 * products[i, j]);
                inverse[i, j] = variance > NoVariance ? 1 / Math.Sqrt(variance) : 0;
            }
        }

        return inverse;
    }

    private static double LargestStandardised(ReadOnlySpan<double> values, ReadOnlySpan<double> inverse, int i)
    {
        var (own, most) = (new Vector<double>(values[i]), Vector<double>.Zero);
        var j = 0;
        for (; j <= values.Length - Vector<double>.Count; j += Vector<double>.Count)
            most = Vector.Max(most, Vector.Abs((own - new Vector<double>(values[j..])) * new Vector<double>(inverse[j..])));
        var largest = 0.0;
        for (var lane = 0; lane < Vector<double>.Count; lane++)
            largest = Math.Max(largest, most[lane]);
        for (; j < values.Length; j++)
            largest = Math.Max(largest, Math.Abs((values[i] - values[j]) * inverse[j]));
        return largest;
    }

    private static int CountAbove(double[] sorted, double value) => sorted.Length - FirstAbove(sorted, value);

    private static int CountBelow(double[] sorted, double value)
    {
        var place = Array.BinarySearch(sorted, value);
        place = place < 0 ? ~place : place;
        while (place > 0 && sorted[place - 1] == value)
            place--;
        return place;
    }

    private static int FirstAbove(double[] sorted, double value)
    {
        var place = Array.BinarySearch(sorted, value);
        place = place < 0 ? ~place : place;
        while (place < sorted.Length && sorted[place] == value)
            place++;
        return place;
    }
}

/// <summary>The ranks that a model may have; 1 is the best.</summary>
/// <param name="Best">The best rank.</param>
/// <param name="Worst">The worst rank.</param>
public readonly record struct RankRange(int Best, int Worst);
