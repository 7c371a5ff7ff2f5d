namespace Tiebreak.Core.Metrics;

/// <summary>
/// Intervals for a share of rows (Wilson 1927): they stay inside 0 to 1 and are honest for few rows and for shares near the ends.
/// </summary>
internal static class BinomialInterval
{
    private const double Z = 1.959964;

    /// <summary>95 % interval of a share.</summary>
    /// <param name="share">The share found, 0 to 1.</param>
    /// <param name="rows">Rows it was found on; for none the interval is NaN.</param>
    public static Interval Of(double share, int rows)
    {
        if (rows == 0)
            return new Interval(double.NaN, double.NaN);

        var n = (double)rows;
        var centre = (share + (Z * Z / (2 * n))) / (1 + (Z * Z / n));
        var half = Z / (1 + (Z * Z / n)) * Math.Sqrt((share * (1 - share) / n) + (Z * Z / (4 * n * n)));
        return new Interval(centre - half, centre + half);
    }
}
