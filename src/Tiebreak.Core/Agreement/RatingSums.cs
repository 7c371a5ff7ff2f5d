namespace Tiebreak.Core.Agreement;

/// <summary>
/// Sums over items (battles that people rated) from which every coefficient of <see cref="AgreementCoefficient"/> follows. A bootstrap
/// draws these sums again, group by group, and never the items.
/// </summary>
/// <param name="totals">The sums; <see cref="OfItem"/> gives what one item adds.</param>
/// <param name="categories">Categories that an item can be rated.</param>
internal readonly ref struct RatingSums(ReadOnlySpan<double> totals, int categories)
{
    private const int Head = 2; // rated items, and those rated twice or more

    private readonly ReadOnlySpan<double> _totals = totals;

    /// <summary>Categories that an item can be rated.</summary>
    public int Categories => categories;

    /// <summary>Items with a rating.</summary>
    public double Rated => _totals[0];

    /// <summary>Items with two ratings or more: the only ones that show agreement.</summary>
    public double Compared => _totals[1];

    /// <summary>What one item adds to the sums.</summary>
    /// <param name="counts">How many people chose each category.</param>
    public static double[] OfItem(ReadOnlySpan<int> counts)
    {
        var (k, ratings) = (counts.Length, 0);
        foreach (var count in counts)
            ratings += count;
        var sums = new double[Head + k + (2 * k * k)];
        if (ratings == 0)
            return sums;

        sums[0] = 1;
        for (var c = 0; c < k; c++)
            sums[Head + c] = (double)counts[c] / ratings;
        if (ratings == 1)
            return sums;

        sums[1] = 1;
        for (var c = 0; c < k; c++)
        {
            for (var d = 0; d < k; d++)
            {
                double pairs = counts[c] * (counts[d] - (c == d ? 1 : 0));
                sums[Head + k + (c * k) + d] = pairs / (ratings * (ratings - 1.0));
                sums[Head + k + (k * k) + (c * k) + d] = pairs / (ratings - 1);
            }
        }

        return sums;
    }

    /// <summary>The share of a category, every rated item weighing the same.</summary>
    public double Share(int category) => _totals[Head + category] / Rated;

    /// <summary>The share of pairs of ratings of one item that name these two categories, every item weighing the same.</summary>
    public double PairShare(int one, int other) => _totals[Head + categories + (one * categories) + other] / Compared;

    /// <summary>Krippendorff's coincidences: pairs within items, every rating weighing the same.</summary>
    public double Coincidence(int one, int other) =>
        _totals[Head + categories + (categories * categories) + (one * categories) + other];
}
