using Tiebreak.Core.Randomness;

namespace Tiebreak.Core.Metrics;

/// <summary>
/// The area under the ROC curve: the chance that a row of one class scores higher than a row of the other, equal scores counting half
/// (Hanley and McNeil 1982). 0.5 says that scores do not tell the classes apart.
/// </summary>
internal static class RankingAuc
{
    private const int Rounds = 500;

    /// <summary>The area, with a 95 % interval by bootstrap over groups.</summary>
    /// <param name="scores">One score per row.</param>
    /// <param name="isPositive">The class of each row.</param>
    /// <param name="groups">The group of each row, numbered from 0 without gaps: rows of one group are drawn together.</param>
    /// <param name="seed">Same seed, same interval.</param>
    public static (double Value, Interval Interval) Of(
        IReadOnlyList<double> scores, IReadOnlyList<bool> isPositive, IReadOnlyList<int> groups, ulong seed)
    {
        int[] order = [.. Enumerable.Range(0, scores.Count).OrderBy(row => scores[row])];
        var counts = new int[groups.Max() + 1];
        Array.Fill(counts, 1);
        var value = Area(order, counts);
        var drawn = new double[Rounds];
        for (var round = 0; round < Rounds; round++)
        {
            var random = new SeededRandom(seed, (ulong)round);
            Array.Clear(counts);
            for (var draw = 0; draw < counts.Length; draw++)
                counts[random.Next(counts.Length)]++;
            drawn[round] = Area(order, counts);
        }

        double[] defined = [.. drawn.Where(area => !double.IsNaN(area)).Order()];
        return (value, new Interval(Quantile.Of(defined, 0.025), Quantile.Of(defined, 0.975)));

        // Each row counts as often as its group was drawn.
        double Area(int[] ascending, int[] timesDrawn)
        {
            var (negatives, positives, pairs) = (0.0, 0.0, 0.0);
            for (var start = 0; start < ascending.Length;)
            {
                var (equalNegatives, equalPositives, end) = (0.0, 0.0, start);
                for (; end < ascending.Length && scores[ascending[end]] == scores[ascending[start]]; end++)
                {
                    if (isPositive[ascending[end]])
                        equalPositives += timesDrawn[groups[ascending[end]]];
                    else
                        equalNegatives += timesDrawn[groups[ascending[end]]];
                }

                pairs += equalPositives * (negatives + (equalNegatives / 2));
                (negatives, positives, start) = (negatives + equalNegatives, positives + equalPositives, end);
            }

            return pairs / (positives * negatives);
        }
    }
}
