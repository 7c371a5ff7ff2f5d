using Tiebreak.Core.Randomness;

namespace Tiebreak.Core.Metrics;

/// <summary>
/// Percentile bootstrap that resamples whole groups (prompts), because battles about one prompt are not independent: resampling rows
/// would make intervals too narrow (Cameron, Gelbach and Miller 2008).
/// </summary>
public static class ClusterBootstrap
{
    /// <summary>How many times the groups are drawn unless said otherwise.</summary>
    public const int DefaultRounds = 2000;

    /// <summary>An interval for the mean of a value over rows.</summary>
    /// <param name="values">One value per row, for instance its log loss, or the difference of two judges' log losses.</param>
    /// <param name="groups">The group of each row, numbered from 0 without gaps.</param>
    /// <param name="seed">Same seed, same interval, on any number of threads.</param>
    /// <param name="rounds">How many times the groups are drawn.</param>
    /// <param name="level">Share of the draws inside the interval.</param>
    public static Interval OfMean(
        IReadOnlyList<double> values, IReadOnlyList<int> groups, ulong seed = 0, int rounds = DefaultRounds, double level = 0.95)
    {
        if (values.Count == 0)
            return new Interval(double.NaN, double.NaN);

        var groupCount = groups.Max() + 1;
        var sums = new double[groupCount];
        var counts = new int[groupCount];
        for (var i = 0; i < values.Count; i++)
        {
            sums[groups[i]] += values[i];
            counts[groups[i]]++;
        }

        var means = new double[rounds];
        Parallel.For(0, rounds, round =>
        {
            var random = new SeededRandom(seed, (ulong)round);
            double sum = 0;
            long count = 0;
            for (var draw = 0; draw < groupCount; draw++)
            {
                var group = random.Next(groupCount);
                sum += sums[group];
                count += counts[group];
            }

            means[round] = sum / count;
        });

        Array.Sort(means);
        return new Interval(Quantile.Of(means, (1 - level) / 2), Quantile.Of(means, (1 + level) / 2));
    }
}
