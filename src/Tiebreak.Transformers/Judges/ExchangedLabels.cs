using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;

namespace Tiebreak.Transformers.Judges;

/// <summary>
/// Tells a judge whose outputs for A and B are read the wrong way round: its preferences fit the votes better when they are exchanged.
/// </summary>
internal static class ExchangedLabels
{
    // Of the mean difference of the losses: beyond this it is no chance.
    private const double StandardErrors = 3;

    /// <summary>True if exchanging A and B lowers the log loss by more than chance.</summary>
    /// <param name="rows">What the judge said and what people voted, of battles that it has not learned from.</param>
    public static bool Suspects(IReadOnlyList<(Preference Judge, Preference Vote)> rows)
    {
        double[] gains = [.. rows.Select(row => LogLoss.Of(row.Judge, row.Vote) - LogLoss.Of(row.Judge.Swapped(), row.Vote))];
        var mean = gains.Average();
        var variance = gains.Sum(gain => (gain - mean) * (gain - mean)) / Math.Max(1, gains.Length - 1);
        return mean > StandardErrors * Math.Sqrt(variance / gains.Length);
    }
}
