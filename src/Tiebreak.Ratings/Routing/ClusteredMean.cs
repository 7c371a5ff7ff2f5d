using Tiebreak.Core.Metrics;

namespace Tiebreak.Ratings.Routing;

/// <summary>
/// 95 % intervals of means over rows of which those of a cluster (a prompt) depend on each other: sums of deviations within clusters (Liang
/// and Zeger 1986), and Student's t with one degree of freedom less than there are clusters, since prompts may be few.
/// </summary>
internal static class ClusteredMean
{
    /// <summary>The interval of an estimate.</summary>
    /// <param name="value">The estimate.</param>
    /// <param name="influences">What each row moves it by, times the number of rows; they sum to 0.</param>
    /// <param name="clusters">The cluster of each row, numbered from 0 without gaps.</param>
    public static Interval Around(double value, ReadOnlySpan<double> influences, IReadOnlyList<int> clusters)
    {
        var sums = new double[clusters.Max() + 1];
        for (var i = 0; i < influences.Length; i++)
            sums[clusters[i]] += influences[i];
        if (sums.Length < 2)
            return new Interval(double.NegativeInfinity, double.PositiveInfinity);

        var squares = sums.Sum(sum => sum * sum) * sums.Length / (sums.Length - 1);
        var half = StudentT.Quantile(0.95, sums.Length - 1) * Math.Sqrt(squares) / influences.Length;
        return new Interval(value - half, value + half);
    }

    /// <summary>The mean of values with its interval.</summary>
    public static (double Value, Interval Interval) Of(double[] values, IReadOnlyList<int> clusters)
    {
        var mean = values.Average();
        return (mean, Around(mean, Array.ConvertAll(values, value => value - mean), clusters));
    }
}
