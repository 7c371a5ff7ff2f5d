namespace Tiebreak.Core.Metrics;

/// <summary>Quantiles by linear interpolation between order statistics (type 7 of Hyndman and Fan 1996, NumPy's default).</summary>
internal static class Quantile
{
    /// <summary>The quantile of values in ascending order; NaN for none.</summary>
    /// <param name="sorted">Values in ascending order.</param>
    /// <param name="share">From 0 (the lowest) to 1 (the highest).</param>
    public static double Of(ReadOnlySpan<double> sorted, double share)
    {
        if (sorted.Length == 0)
            return double.NaN;

        var position = share * (sorted.Length - 1);
        var below = (int)position;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((position - below) * (sorted[above] - sorted[below]));
    }
}
