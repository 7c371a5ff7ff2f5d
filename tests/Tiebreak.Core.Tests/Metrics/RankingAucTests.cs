using CsCheck;
using Tiebreak.Core.Metrics;

namespace Tiebreak.Core.Tests.Metrics;

public sealed class RankingAucTests
{
    [Fact]
    public void It_is_the_share_of_pairs_in_order_with_equal_scores_counting_half() =>
        Gen.Select(Gen.Int[0, 5], Gen.Bool).Array[2, 40].Where(rows => rows.Any(row => row.Item2) && rows.Any(row => !row.Item2)).Sample(rows =>
        {
            var pairs = rows.Where(row => row.Item2).SelectMany(_ => rows.Where(row => !row.Item2), (one, other) =>
                one.Item1 > other.Item1 ? 1.0 : one.Item1 == other.Item1 ? 0.5 : 0);
            var auc = RankingAuc.Of(
                [.. rows.Select(row => (double)row.Item1)], [.. rows.Select(row => row.Item2)], [.. Enumerable.Range(0, rows.Length)], seed: 0);

            Assert.Equal(pairs.Average(), auc.Value, 12);
        });
}
