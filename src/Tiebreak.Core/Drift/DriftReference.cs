using System.Text.Json.Nodes;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Metrics;

namespace Tiebreak.Core.Drift;

/// <summary>How a judge and its votes were when all was well. Alarms are about what lies outside of the intervals.</summary>
/// <param name="Rows">Labelled battles behind it.</param>
/// <param name="LogLoss">The judge's log loss on them.</param>
/// <param name="MostLogLoss">Upper end of its 95 % interval.</param>
/// <param name="TieShare">Share of ties among the labels.</param>
/// <param name="LeastTieShare">Lower end of its 95 % interval.</param>
/// <param name="MostTieShare">Upper end of it.</param>
internal sealed record DriftReference(
    int Rows, double LogLoss, double MostLogLoss, double TieShare, double LeastTieShare, double MostTieShare)
{
    /// <summary>Whether anything can be compared with it.</summary>
    public bool IsPossible => Rows > 0 && double.IsFinite(MostLogLoss) && MostLogLoss > 0
        && LeastTieShare is >= 0 and < 1 && MostTieShare is > 0 and <= 1;

    /// <summary>From what a judge says about labelled battles. Losses above <see cref="DriftMonitor.HighestLoss"/> count as that.</summary>
    public static DriftReference Of(IReadOnlyList<Preference> said, LabelledBattles labelled, ulong seed, int threads)
    {
        double[] losses = [.. said.Zip(labelled.Targets, DriftMonitor.LossOf)];
        var interval = ClusterBootstrap.OfMean(losses, labelled.Groups, seed, threads: threads);
        return Of(
            labelled.Count, labelled.Groups.Max() + 1, losses.Average(), interval.Upper, labelled.Targets.Average(target => target.Tie));
    }

    /// <summary>
    /// From the validation that a bundle states; null where that lacks a number. Its mean is over losses as they are, which is no lower
    /// than over bounded ones: the limit is on the safe side.
    /// </summary>
    public static DriftReference? Of(BundleManifest manifest)
    {
        var validation = manifest.Validation;
        try
        {
            return validation["rows"] is { } rows && validation["prompts"] is { } prompts && validation["log_loss"] is { } loss
                && validation["log_loss_ci"] is JsonArray { Count: 2 } interval && interval[1] is { } upper
                && validation["shares"]?["tie"] is { } ties
                && Of((int)rows, (int)prompts, (double)loss, (double)upper, (double)ties) is { IsPossible: true } reference
                    ? reference : null;
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException)
        {
            return null; // a number is no number
        }
    }

    // Battles about one prompt are not independent: the share is as sure as so many prompts make it.
    private static DriftReference Of(int rows, int prompts, double loss, double mostLoss, double tieShare)
    {
        var ties = BinomialInterval.Of(tieShare, prompts);
        return new DriftReference(rows, loss, mostLoss, tieShare, Math.Max(ties.Lower, 0), Math.Min(ties.Upper, 1));
    }
}
