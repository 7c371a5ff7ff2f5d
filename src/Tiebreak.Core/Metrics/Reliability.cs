using System.Text.Json.Serialization;
using Tiebreak.Core.Battles;

namespace Tiebreak.Core.Metrics;

/// <summary>
/// Reliability diagrams (Murphy and Winkler 1977) over bins of equal row count: with bins of equal width most rows of a judge would share
/// two or three.
/// </summary>
public static class Reliability
{
    /// <summary>Bins unless said otherwise.</summary>
    public const int DefaultBins = 10;

    /// <summary>The bins of one outcome, lowest probability first.</summary>
    /// <param name="predicted">What the judge said.</param>
    /// <param name="targets">What people said, row by row.</param>
    /// <param name="outcome">Whose probability.</param>
    /// <param name="bins">How many bins; fewer rows make fewer.</param>
    public static IReadOnlyList<ReliabilityBin> Of(
        IReadOnlyList<Preference> predicted, IReadOnlyList<Preference> targets, Outcome outcome, int bins = DefaultBins)
    {
        int[] order = [.. Enumerable.Range(0, predicted.Count).OrderBy(i => predicted[i][outcome])];
        var result = new List<ReliabilityBin>(bins);
        for (var bin = 0; bin < bins; bin++)
        {
            var rows = order[(int)((long)order.Length * bin / bins)..(int)((long)order.Length * (bin + 1) / bins)];
            if (rows.Length == 0)
                continue;

            var observed = rows.Average(i => targets[i][outcome]);
            result.Add(new ReliabilityBin(
                rows.Length, rows.Average(i => predicted[i][outcome]), observed, BinomialInterval.Of(observed, rows.Length)));
        }

        return result;
    }
}

/// <summary>Rows to which a judge gave about the same probability, and how often it came true.</summary>
/// <param name="Rows">How many rows.</param>
/// <param name="Predicted">Mean probability.</param>
/// <param name="Observed">Share that came true.</param>
/// <param name="Interval">95 % interval of <paramref name="Observed"/>; see <see cref="BinomialInterval"/>.</param>
public readonly record struct ReliabilityBin(
    int Rows, double Predicted, double Observed, [property: JsonPropertyName("observed_ci")] Interval Interval);
