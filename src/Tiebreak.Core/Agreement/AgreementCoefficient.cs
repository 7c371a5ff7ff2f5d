namespace Tiebreak.Core.Agreement;

/// <summary>
/// Coefficients of agreement for any number of raters, not all of whom rate every item. 1 is full agreement, 0 what chance would give;
/// they differ in what they take for chance. NaN where they are not defined: no item was rated twice, or all ratings are the same.
/// </summary>
internal static class AgreementCoefficient
{
    /// <summary>The share of pairs of ratings of one item that are equal.</summary>
    public static double Raw(RatingSums sums) => Observed(sums, Same);

    /// <summary>
    /// Fleiss' kappa (1971), generalised to items with different numbers of ratings (Gwet, Handbook of Inter-Rater Reliability, 4th edition
    /// 2014): chance draws both ratings from the shares of the categories. Low where one category dominates, however well people agree.
    /// </summary>
    public static double FleissKappa(RatingSums sums)
    {
        var chance = 0.0;
        for (var c = 0; c < sums.Categories; c++)
            chance += sums.Share(c) * sums.Share(c);
        return Corrected(Raw(sums), chance);
    }

    /// <summary>
    /// Gwet's AC1 (2008): chance is the agreement of raters who guess now and then. It stays meaningful where one category dominates.
    /// </summary>
    public static double GwetAc1(RatingSums sums) => Gwet(sums, Same);

    /// <summary>
    /// Gwet's AC2 (2014) with ordinal weights: ratings that are near each other on an ordered scale agree in part.
    /// </summary>
    public static double GwetAc2(RatingSums sums)
    {
        var pairs = Pairs(sums.Categories);
        return Gwet(sums, (c, d) => 1 - (Pairs(Math.Abs(c - d) + 1) / pairs));

        static double Pairs(int categories) => categories * (categories - 1) / 2.0;
    }

    /// <summary>Krippendorff's alpha (Content Analysis, 2004) where categories are names.</summary>
    public static double KrippendorffNominal(RatingSums sums) => Krippendorff(sums, (c, d, _) => c == d ? 0 : 1);

    /// <summary>Krippendorff's alpha where categories are ranks: how far two are apart is counted in ratings between them.</summary>
    public static double KrippendorffOrdinal(RatingSums sums) => Krippendorff(sums, (c, d, totals) =>
    {
        var between = -(totals[c] + totals[d]) / 2;
        for (var g = Math.Min(c, d); g <= Math.Max(c, d); g++)
            between += totals[g];
        return between * between;
    });

    /// <summary>
    /// Cohen's kappa (1960) of two raters: chance draws from the shares of each by itself.
    /// </summary>
    /// <param name="table">
    /// <c>[categories, categories]</c>, row by row: weight of the items that the first rater put into the row's category and the second
    /// into the column's.
    /// </param>
    public static double CohenKappa(ReadOnlySpan<double> table)
    {
        var k = (int)Math.Sqrt(table.Length);
        var (total, agreed, chance) = (0.0, 0.0, 0.0);
        foreach (var weight in table)
            total += weight;
        for (var c = 0; c < k; c++)
        {
            var (row, column) = (0.0, 0.0);
            for (var d = 0; d < k; d++)
            {
                row += table[(c * k) + d];
                column += table[(d * k) + c];
            }

            agreed += table[(c * k) + c] / total;
            chance += row / total * (column / total);
        }

        return Corrected(agreed, chance);
    }

    private static double Gwet(RatingSums sums, Func<int, int, double> weight)
    {
        var (k, weights, spread) = (sums.Categories, 0.0, 0.0);
        for (var c = 0; c < k; c++)
        {
            spread += sums.Share(c) * (1 - sums.Share(c));
            for (var d = 0; d < k; d++)
                weights += weight(c, d);
        }

        return Corrected(Observed(sums, weight), weights / (k * (k - 1)) * spread);
    }

    private static double Observed(RatingSums sums, Func<int, int, double> weight)
    {
        var agreed = 0.0;
        for (var c = 0; c < sums.Categories; c++)
        {
            for (var d = 0; d < sums.Categories; d++)
                agreed += weight(c, d) * sums.PairShare(c, d);
        }

        return agreed;
    }

    private static double Krippendorff(RatingSums sums, Func<int, int, double[], double> difference)
    {
        var k = sums.Categories;
        var totals = new double[k];
        for (var c = 0; c < k; c++)
        {
            for (var d = 0; d < k; d++)
                totals[c] += sums.Coincidence(c, d);
        }

        var (observed, expected, ratings) = (0.0, 0.0, totals.Sum());
        for (var c = 0; c < k; c++)
        {
            for (var d = 0; d < k; d++)
            {
                var apart = difference(c, d, totals);
                observed += sums.Coincidence(c, d) * apart;
                expected += totals[c] * totals[d] * apart;
            }
        }

        return expected > 0 ? 1 - ((ratings - 1) * observed / expected) : double.NaN;
    }

    private static double Same(int one, int other) => one == other ? 1 : 0;

    // What chance explains wholly says nothing about agreement; rounding alone must not decide that.
    private static double Corrected(double observed, double chance) =>
        chance < 1 - 1e-12 ? (observed - chance) / (1 - chance) : double.NaN;
}
