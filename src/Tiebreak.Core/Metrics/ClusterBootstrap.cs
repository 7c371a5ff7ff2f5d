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
        IReadOnlyList<double> rows = [.. Enumerable.Repeat(1.0, groups.Count)];
        return OfTotals(
            [rows, .. columns], groups,
            totals =>
            {
                var means = new double[columns.Count];
                for (var column = 0; column < means.Length; column++)
                    means[column] = totals[column + 1] / totals[0];
                return means;
            },
            seed, rounds, level, threads);
    }

    /// <summary>
    /// Intervals for statistics that follow from sums over rows, such as the coefficients of agreement. Draws for which a statistic is not
    /// defined (NaN) do not count for it.
    /// </summary>
    /// <param name="columns">For each sum one number per row.</param>
    /// <param name="groups">The group of each row, numbered from 0 without gaps.</param>
    /// <param name="statistics">The statistics of a list of sums; called on several threads.</param>
    /// <param name="seed">Same seed, same intervals, on any number of threads.</param>
    /// <param name="rounds">How many times the groups are drawn.</param>
    /// <param name="level">Share of the draws inside the interval.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it. -1: no limit.</param>
    /// <returns>An interval for each statistic; NaN where it is never defined.</returns>
    internal static IReadOnlyList<Interval> OfTotals(
        IReadOnlyList<IReadOnlyList<double>> columns,
        IReadOnlyList<int> groups,
        Func<double[], double[]> statistics,
        ulong seed = 0,
        int rounds = DefaultRounds,
        double level = 0.95,
        int threads = -1)
    {
        var groupCount = groups.Count == 0 ? 0 : groups.Max() + 1;
        var sums = columns.Select(values => SumByGroup(values, groups, groupCount)).ToArray();
        var ofRounds = new double[rounds][];
        Parallel.For(0, rounds, new ParallelOptions { MaxDegreeOfParallelism = threads }, () => new int[groupCount], (round, _, drawn) =>
        {
            Draw(drawn, new SeededRandom(seed, (ulong)round));
            ofRounds[round] = statistics(Array.ConvertAll(sums, ofGroups => Total(drawn, ofGroups)));
            return drawn;
        }, _ => { });

        return [.. Enumerable.Range(0, ofRounds[0].Length).Select(statistic =>
        {
            double[] defined = [.. ofRounds.Select(ofRound => ofRound[statistic]).Where(value => !double.IsNaN(value)).Order()];
            return new Interval(Quantile.Of(defined, (1 - level) / 2), Quantile.Of(defined, (1 + level) / 2));
        })];
    }

    private static double[] SumByGroup(IReadOnlyList<double> values, IReadOnlyList<int> groups, int groupCount)
    {
        var sums = new double[groupCount];
        for (var i = 0; i < groups.Count; i++)
            sums[groups[i]] += values[i];
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
