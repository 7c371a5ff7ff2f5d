using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;
using Tiebreak.Core.Randomness;

namespace Tiebreak.Core.Tests.Metrics;

public sealed class ReliabilityTests
{
    [Fact]
    public void Bins_of_a_calibrated_judge_lie_on_the_diagonal_within_their_intervals()
    {
        var random = new SeededRandom(3);
        var (predicted, targets) = (new Preference[20_000], new Preference[20_000]);
        for (var i = 0; i < predicted.Length; i++)
        {
            predicted[i] = Preference.FromScores(2 * random.NextDouble(), 2 * random.NextDouble(), random.NextDouble());
            var draw = random.NextDouble();
            targets[i] = Preference.Certain(draw < predicted[i].A ? Outcome.A
                : draw < predicted[i].A + predicted[i].B ? Outcome.B
                : Outcome.Tie);
        }

        var bins = Reliability.Of(predicted, targets, Outcome.A);
        Assert.Equal(10, bins.Count);
        Assert.All(bins, bin => Assert.Equal(2000, bin.Rows));
        Assert.True(bins.Count(bin => bin.Interval.Lower <= bin.Predicted && bin.Predicted <= bin.Interval.Upper) >= 8);
        Assert.Equal(targets.Average(target => target.A), bins.Average(bin => bin.Observed), 9);
    }

    [Fact]
    public void Fewer_rows_than_bins_make_fewer_bins() =>
        Assert.Equal(3, Reliability.Of(
            [Preference.Uniform, Preference.Uniform, Preference.Uniform], [new(1, 0, 0), new(0, 1, 0), new(0, 0, 1)], Outcome.Tie).Count);

    [Fact]
    public void Wilsons_interval_is_the_one_of_the_paper()
    {
        // 15 of 50, the value that statsmodels' proportion_confint(15, 50, method="wilson") gives.
        var interval = BinomialInterval.Of(0.3, 50);
        Assert.Equal(0.1910, interval.Lower, 4);
        Assert.Equal(0.4375, interval.Upper, 4);
        Assert.Equal(0, BinomialInterval.Of(0, 20).Lower, 12);
    }
}
