using Tiebreak.Core.Metrics;
using Tiebreak.Core.Randomness;

namespace Tiebreak.Core.Tests.Metrics;

public sealed class ClusterBootstrapTests
{
    [Fact]
    public void Statistics_of_sums_are_drawn_as_means_are()
    {
        var values = Normals(300);
        int[] groups = [.. Enumerable.Range(0, values.Length).Select(i => i / 3)];
        var ones = values.Select(_ => 1.0).ToArray();
        var ratio = ClusterBootstrap.OfTotals([values, ones], groups, totals => [totals[0] / totals[1], double.NaN], seed: 4);

        Assert.Equal(ClusterBootstrap.OfMean(values, groups, seed: 4), ratio[0]);
        Assert.True(double.IsNaN(ratio[1].Lower) && double.IsNaN(ratio[1].Upper));
    }

    [Fact]
    public void Without_groups_the_interval_is_that_of_the_normal_approximation()
    {
        var values = Normals(2000);
        var interval = ClusterBootstrap.OfMean(values, [.. Enumerable.Range(0, values.Length)]);

        var mean = values.Average();
        var error = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / values.Length / values.Length);
        Assert.Equal(mean - (1.96 * error), interval.Lower, 0.2 * error);
        Assert.Equal(mean + (1.96 * error), interval.Upper, 0.2 * error);
    }

    [Fact]
    public void Copies_within_a_group_do_not_narrow_the_interval()
    {
        var values = Normals(400);
        var alone = ClusterBootstrap.OfMean(values, [.. Enumerable.Range(0, 400)]);
        var copied = ClusterBootstrap.OfMean(
            [.. values.SelectMany(value => Enumerable.Repeat(value, 5))], [.. Enumerable.Range(0, 2000).Select(i => i / 5)]);

        Assert.Equal(alone.Lower, copied.Lower, 12);
        Assert.Equal(alone.Upper, copied.Upper, 12);
    }

    [Fact]
    public void The_number_of_threads_does_not_matter()
    {
        var values = Normals(300);
        int[] groups = [.. Enumerable.Range(0, 300).Select(i => i % 100)];
        Assert.Equal(
            ClusterBootstrap.OfMean(values, groups, seed: 3, threads: 1), ClusterBootstrap.OfMean(values, groups, seed: 3, threads: 4));
    }

    [Fact]
    public void The_order_of_rows_does_not_matter()
    {
        var values = Normals(300);
        int[] groups = [.. Enumerable.Range(0, 300).Select(i => i % 100)];
        int[] order = [.. Enumerable.Range(0, 300).Reverse()];

        var one = ClusterBootstrap.OfMean(values, groups, seed: 3);
        var other = ClusterBootstrap.OfMean([.. order.Select(i => values[i])], [.. order.Select(i => groups[i])], seed: 3);
        Assert.Equal(one.Lower, other.Lower, 12);
        Assert.Equal(one.Upper, other.Upper, 12);
    }

    [Fact]
    public void Values_that_share_draws_get_the_intervals_that_they_have_alone()
    {
        var values = Normals(301);
        double[][] columns = [values, [.. values.Select(Math.Abs)], [.. values.Select(value => value * value)]];
        int[] groups = [.. Enumerable.Range(0, 301).Select(i => i % 101)];

        Assert.Equal(
            columns.Select(column => ClusterBootstrap.OfMean(column, groups, seed: 3)), ClusterBootstrap.OfMeans(columns, groups, seed: 3));
    }

    [Fact]
    public void The_interval_is_that_of_drawing_groups_one_by_one()
    {
        var values = Normals(301);
        int[] groups = [.. Enumerable.Range(0, 301).Select(i => i % 101)];
        var members = groups.Index().ToLookup(row => row.Item, row => values[row.Index]);
        double[] means = [.. Enumerable.Range(0, 500).Select(round =>
        {
            var random = new SeededRandom(3, (ulong)round);
            return Enumerable.Range(0, 101).SelectMany(_ => members[random.Next(101)]).Average();
        }).Order()];

        var interval = ClusterBootstrap.OfMean(values, groups, seed: 3, rounds: 500);
        Assert.Equal(Quantile.Of(means, 0.025), interval.Lower, 12);
        Assert.Equal(Quantile.Of(means, 0.975), interval.Upper, 12);
    }

    private static double[] Normals(int count)
    {
        var random = new SeededRandom(7);
        return [.. Enumerable.Range(0, count)
            .Select(_ => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()))];
    }
}
