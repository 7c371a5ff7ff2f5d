using Tiebreak.Core.Metrics;

namespace Tiebreak.Ratings.Uncertainty;

/// <summary>Means of two values of the same votes, and the interval of their difference with votes of a cluster taken together.</summary>
/// <param name="Value">The mean of the one.</param>
/// <param name="Reference">The mean of the other.</param>
/// <param name="DifferenceInterval">The 95 % interval of the one less the other (normal approximation).</param>
internal readonly record struct PairedMean(double Value, double Reference, Interval DifferenceInterval)
{
    /// <summary>Computes weighted means.</summary>
    public static PairedMean Of(double[] values, double[] reference, double[]? weights, int[] clusters)
    {
        var total = weights?.Sum() ?? values.Length;
        var (one, other) = (0.0, 0.0);
        for (var i = 0; i < values.Length; i++)
        {
            one += (weights?[i] ?? 1) * values[i] / total;
            other += (weights?[i] ?? 1) * reference[i] / total;
        }

        var sums = new double[clusters.Max() + 1];
        for (var i = 0; i < values.Length; i++)
            sums[clusters[i]] += (weights?[i] ?? 1) * (values[i] - reference[i] - (one - other));
        var half = Gaussian.TwoSided(0.95) * Math.Sqrt(sums.Sum(sum => sum * sum)) / total;
        return new PairedMean(one, other, new Interval(one - other - half, one - other + half));
    }
}
