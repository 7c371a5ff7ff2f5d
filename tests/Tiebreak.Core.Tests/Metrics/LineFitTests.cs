using Tiebreak.Core.Metrics;
using Tiebreak.Core.Randomness;

namespace Tiebreak.Core.Tests.Metrics;

public sealed class LineFitTests
{
    [Theory]
    [InlineData(1, 12.7062047)]
    [InlineData(2, 4.3026527)]
    [InlineData(5, 2.5705818)]
    [InlineData(10, 2.2281389)]
    [InlineData(1000, 1.9623391)]
    public void Quantiles_of_t_are_those_of_the_tables(int degrees, double expected) =>
        Assert.Equal(expected, StudentT.Quantile(0.95, degrees), 6);

    [Fact]
    public void A_line_through_exact_points_is_found()
    {
        var fit = LineFit.Of([(0.9, 0.926), (1.0, 1.015), (1.1, 1.104)])!;
        Assert.Equal(0.89, fit.Slope, 9);
        Assert.Equal(0.125, fit.Intercept, 9);
        Assert.Equal(0.9705, fit.At(0.95), 9);
        Assert.Equal(fit.At(0.95), fit.PredictionInterval(0.95).Upper, 6);
    }

    [Fact]
    public void Intervals_cover_as_often_as_they_say()
    {
        var random = new SeededRandom(7);
        var (slope, next) = (0, 0);
        for (var round = 0; round < 1000; round++)
        {
            var points = new List<(double X, double Y)>();
            foreach (var x in (double[])[0.90, 0.92, 0.94, 0.96, 0.98, 1.00])
                points.Add((x, 0.125 + (0.89 * x) + Noise(ref random)));
            var fit = LineFit.Of(points)!;
            slope += Holds(fit.SlopeInterval, 0.89) ? 1 : 0;
            next += Holds(fit.PredictionInterval(1.05), 0.125 + (0.89 * 1.05) + Noise(ref random)) ? 1 : 0;
        }

        Assert.InRange(slope, 925, 975);
        Assert.InRange(next, 925, 975);
    }

    [Fact]
    public void Too_little_gives_no_line()
    {
        Assert.Null(LineFit.Of([(0.9, 0.9), (1.0, 1.0)]));
        Assert.Null(LineFit.Of([(0.926, 0.93), (0.926, 0.94), (0.926, 0.95)]));
    }

    // Nearly normal: twelve uniform numbers have variance one.
    private static double Noise(ref SeededRandom random)
    {
        var sum = -6.0;
        for (var k = 0; k < 12; k++)
            sum += random.NextDouble();
        return 0.01 * sum;
    }

    private static bool Holds(Interval interval, double value) => interval.Lower <= value && value <= interval.Upper;
}
