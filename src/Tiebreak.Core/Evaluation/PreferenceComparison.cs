using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;

namespace Tiebreak.Core.Evaluation;

/// <summary>How two lists of preferences for the same battles differ.</summary>
public sealed record PreferenceComparison
{
    /// <summary>Battles compared.</summary>
    public required int Rows { get; init; }

    /// <summary>Mean absolute difference of a probability, over all rows and outcomes.</summary>
    public required double MeanAbsoluteDifference { get; init; }

    /// <summary>The largest difference of a single probability.</summary>
    public required double LargestDifference { get; init; }

    /// <summary>Pearson's correlation of each outcome's probability; NaN where a list does not vary.</summary>
    public required IReadOnlyDictionary<Outcome, double> Correlation { get; init; }

    /// <summary>Mean Kullback-Leibler divergence of the second from the first, KL(first || second), in nats.</summary>
    public required double KullbackLeibler { get; init; }

    /// <summary>Share of rows on which both find the same outcome most probable.</summary>
    public required double SameTop { get; init; }

    /// <summary>Mean preferences of the first list.</summary>
    public required Preference MeanFirst { get; init; }

    /// <summary>Mean preferences of the second list.</summary>
    public required Preference MeanSecond { get; init; }

    /// <summary>Positions of the rows that differ most, most first.</summary>
    public required IReadOnlyList<int> MostDifferent { get; init; }

    /// <summary>Compares row by row.</summary>
    /// <param name="first">One list.</param>
    /// <param name="second">The other, in the same order, as long, not empty.</param>
    /// <param name="most">How many of the most different rows to name.</param>
    public static PreferenceComparison Of(IReadOnlyList<Preference> first, IReadOnlyList<Preference> second, int most = 10)
    {
        if (first.Count != second.Count || first.Count == 0)
            throw new ArgumentException($"{first.Count} preferences cannot be compared with {second.Count}.", nameof(second));

        var outcomes = Enum.GetValues<Outcome>();
        double Sum(int i) => outcomes.Sum(outcome => Math.Abs(first[i][outcome] - second[i][outcome]));
        var rows = Enumerable.Range(0, first.Count).ToList();
        return new PreferenceComparison
        {
            Rows = first.Count,
            MeanAbsoluteDifference = rows.Average(Sum) / outcomes.Length,
            LargestDifference = rows.Max(i => outcomes.Max(outcome => Math.Abs(first[i][outcome] - second[i][outcome]))),
            Correlation = outcomes.ToDictionary(
                outcome => outcome, outcome => CorrelationOf([.. first.Select(p => p[outcome])], [.. second.Select(p => p[outcome])])),
            KullbackLeibler = rows.Average(i => LogLoss.Of(second[i], first[i]) - LogLoss.Of(first[i], first[i])),
            SameTop = rows.Average(i => first[i].Top == second[i].Top ? 1.0 : 0.0),
            MeanFirst = Mean(first),
            MeanSecond = Mean(second),
            MostDifferent = [.. rows.OrderByDescending(Sum).Take(most).Where(i => Sum(i) > 0)],
        };
    }

    /// <summary>Pearson's correlation of two columns; NaN where one does not vary.</summary>
    internal static double CorrelationOf(double[] x, double[] y)
    {
        var (meanX, meanY) = (x.Average(), y.Average());
        double xy = 0, xx = 0, yy = 0;
        for (var i = 0; i < x.Length; i++)
        {
            var (dx, dy) = (x[i] - meanX, y[i] - meanY);
            xy += dx * dy;
            xx += dx * dx;
            yy += dy * dy;
        }

        // What varies by rounding alone does not vary.
        return Math.Min(xx, yy) < 1e-20 * x.Length ? double.NaN : xy / Math.Sqrt(xx * yy);
    }

    private static Preference Mean(IReadOnlyList<Preference> preferences) =>
        new(preferences.Average(p => p.A), preferences.Average(p => p.B), preferences.Average(p => p.Tie));
}
