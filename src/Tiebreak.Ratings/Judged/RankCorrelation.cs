namespace Tiebreak.Ratings.Judged;

/// <summary>How alike two orders of the same things are: 1 for the same, -1 for the reverse.</summary>
internal static class RankCorrelation
{
    /// <summary>
    /// Spearman's (1904): the correlation of ranks; equal values share the mean of their ranks. NaN if all values of one are equal.
    /// </summary>
    public static double Spearman(IReadOnlyList<double> one, IReadOnlyList<double> other)
    {
        var (x, y) = (Ranks(one), Ranks(other));
        var mean = (x.Length + 1) / 2.0;
        var (product, squareX, squareY) = (0.0, 0.0, 0.0);
        for (var i = 0; i < x.Length; i++)
        {
            product += (x[i] - mean) * (y[i] - mean);
            squareX += (x[i] - mean) * (x[i] - mean);
            squareY += (y[i] - mean) * (y[i] - mean);
        }

        return product / Math.Sqrt(squareX * squareY);
    }

    /// <summary>
    /// Kendall's tau-b (1945): pairs in the same order less pairs in the other, over the geometric mean of pairs that differ in each. NaN
    /// if all values of one are equal.
    /// </summary>
    public static double Kendall(IReadOnlyList<double> one, IReadOnlyList<double> other)
    {
        var (sum, ofOne, ofOther) = (0L, 0L, 0L);
        for (var i = 0; i < one.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var (x, y) = (one[i].CompareTo(one[j]), other[i].CompareTo(other[j]));
                sum += x * y;
                ofOne += x * x;
                ofOther += y * y;
            }
        }

        return sum / Math.Sqrt((double)ofOne * ofOther);
    }

    private static double[] Ranks(IReadOnlyList<double> values)
    {
        var order = Enumerable.Range(0, values.Count).OrderBy(i => values[i]).ToArray();
        var ranks = new double[order.Length];
        for (var from = 0; from < order.Length;)
        {
            var to = from + 1;
            while (to < order.Length && values[order[to]] == values[order[from]])
                to++;
            for (var i = from; i < to; i++)
                ranks[order[i]] = (from + to + 1) / 2.0;
            from = to;
        }

        return ranks;
    }
}
