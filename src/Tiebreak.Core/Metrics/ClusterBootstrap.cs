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

    private const int DrawsAtOnce = 256;

    /// <summary>An interval for the mean of a value over rows.</summary>
    /// <param name="values">One value per row, for instance its log loss, or the difference of two judges' log losses.</param>
    /// <param name="groups">The group of each row, numbered from 0 without gaps.</param>
    /// <param name="seed">Same seed, same interval, on any number of threads.</param>
    /// <param name="rounds">How many times the groups are drawn.</param>
    /// <param name="level">Share of the draws inside the interval.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it. -1: no limit.</param>
    public static Interval OfMean(
        IReadOnlyList<double> values,
        IReadOnlyList<int> groups,
        ulong seed = 0,
        int rounds = DefaultRounds,
        double level = 0.95,
        int threads = -1) => OfMeans([values], groups, seed, rounds, level, threads)[0];

    /// <summary>
    /// Intervals for the means of several values over the same rows: what <see cref="OfMean"/> gives for each, but the groups are drawn
    /// once.
    /// </summary>
    /// <param name="columns">For each value one number per row.</param>
    /// <param name="groups">The group of each row, numbered from 0 without gaps.</param>
    /// <param name="seed">Same seed, same intervals, on any number of threads.</param>
    /// <param name="rounds">How many times the groups are drawn.</param>
    /// <param name="level">Share of the draws inside the interval.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it. -1: no limit.</param>
    public static IReadOnlyList<Interval> OfMeans(
        IReadOnlyList<IReadOnlyList<double>> columns,
        IReadOnlyList<int> groups,
        ulong seed = 0,
        int rounds = DefaultRounds,
        double level = 0.95,
        int threads = -1)
    {
        if (groups.Count == 0)
            return [.. columns.Select(_ => new Interval(double.NaN, double.NaN))];

        var groupCount = groups.Max() + 1;
        var sizes = SumByGroup(_ => 1, groups, groupCount);
        var sums = columns.Select(values => SumByGroup(i => values[i], groups, groupCount)).ToArray();
        var means = columns.Select(_ => new double[rounds]).ToArray();
        Parallel.For(0, rounds, new ParallelOptions { MaxDegreeOfParallelism = threads }, () => new int[groupCount], (round, _, drawn) =>
        {
            Draw(drawn, new SeededRandom(seed, (ulong)round));
            var rows = Total(drawn, sizes);
            for (var column = 0; column < sums.Length; column++)
                means[column][round] = Total(drawn, sums[column]) / rows;
            return drawn;
        }, _ => { });

        return [.. means.Select(ofRounds =>
        {
            Array.Sort(ofRounds);
            return new Interval(Quantile.Of(ofRounds, (1 - level) / 2), Quantile.Of(ofRounds, (1 + level) / 2));
        })];
    }

    private static double[] SumByGroup(Func<int, double> value, IReadOnlyList<int> groups, int groupCount)
    {
        var sums = new double[groupCount];
        for (var i = 0; i < groups.Count; i++)
            sums[groups[i]] += value(i);
        return sums;
    }

    /// <summary>Draws as many groups as there are, and counts how often each was drawn.</summary>
    private static void Draw(int[] drawn, SeededRandom random)
    {
        Array.Clear(drawn);
        Span<int> draws = stackalloc int[DrawsAtOnce];
        for (var start = 0; start < drawn.Length; start += DrawsAtOnce)
        {
            var some = draws[..Math.Min(DrawsAtOnce, drawn.Length - start)];
            random.Next(drawn.Length, some);
            foreach (var group in some)
                drawn[group]++;
        }
    }

    // Four sums: additions to one would wait for each other.
    private static double Total(ReadOnlySpan<int> drawn, ReadOnlySpan<double> sums)
    {
        var (one, two, three, four) = (0.0, 0.0, 0.0, 0.0);
        while (drawn.Length >= 4 && sums.Length >= 4)
        {
            one += drawn[0] * sums[0];
            two += drawn[1] * sums[1];
            three += drawn[2] * sums[2];
            four += drawn[3] * sums[3];
            drawn = drawn[4..];
            sums = sums[4..];
        }

        for (var i = 0; i < drawn.Length; i++)
            one += drawn[i] * sums[i];
        return one + two + three + four;
    }
}
