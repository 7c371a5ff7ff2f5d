using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
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
    /// <summary>How sure the judge was beside how right; null where an earlier version of Tiebreak made the reference.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OverconfidenceReference? Overconfidence { get; init; }

    /// <summary>Whether anything can be compared with it.</summary>
    public bool IsPossible => Rows > 0 && double.IsFinite(MostLogLoss) && MostLogLoss > 0
        && LeastTieShare is >= 0 and < 1 && MostTieShare is > 0 and <= 1
        && Overconfidence is null or { IsPossible: true };

    /// <summary>From what a judge says about labelled battles. Losses above <see cref="DriftMonitor.HighestLoss"/> count as that.</summary>
    public static DriftReference Of(IReadOnlyList<Preference> said, LabelledBattles labelled, ulong seed, int threads)
    {
        var targets = labelled.Targets;
        var shares = new Preference(targets.Average(t => t.A), targets.Average(t => t.B), targets.Average(t => t.Tie));
        double[] losses = [.. said.Zip(targets, DriftMonitor.LossOf)];
        double[] overconfidence = [.. said.Zip(targets, (preference, target) => Metrics.Overconfidence.Of(preference, target, shares))];
        var intervals = ClusterBootstrap.OfMeans([losses, overconfidence], labelled.Groups, seed, threads: threads);
        return Of(labelled.Count, labelled.Groups.Max() + 1, losses.Average(), intervals[0].Upper, shares.Tie) with
        {
            Overconfidence = new OverconfidenceReference(overconfidence.Average(), intervals[1].Upper, PerOutcome.Of(shares)),
        };
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
                && validation["shares"] is { } shares && shares["tie"] is { } ties
                && (Of((int)rows, (int)prompts, (double)loss, (double)upper, (double)ties) with
                {
                    Overconfidence = OverconfidenceOf(validation, shares),
                }) is { IsPossible: true } reference ? reference : null;
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException)
        {
            return null; // a number is no number
        }
    }

    private static OverconfidenceReference? OverconfidenceOf(JsonNode validation, JsonNode shares) =>
        validation["overconfidence"] is { } value
        && validation["overconfidence_ci"] is JsonArray { Count: 2 } interval && interval[1] is { } upper
        && shares["a"] is { } a && shares["b"] is { } b && shares["tie"] is { } tie
            ? new OverconfidenceReference((double)value, (double)upper, new PerOutcome<double>((double)a, (double)b, (double)tie))
            : null;

    // Battles about one prompt are not independent: the share is as sure as so many prompts make it.
    private static DriftReference Of(int rows, int prompts, double loss, double mostLoss, double tieShare)
    {
        var ties = BinomialInterval.Of(tieShare, prompts);
        return new DriftReference(rows, loss, mostLoss, tieShare, Math.Max(ties.Lower, 0), Math.Min(ties.Upper, 1));
    }
}

/// <summary>How sure a judge was beside how right; see <see cref="Metrics.Overconfidence"/>.</summary>
/// <param name="Value">Its overconfidence: 1 if it was calibrated.</param>
/// <param name="Most">Upper end of the 95 % interval.</param>
/// <param name="Shares">Shares of the outcomes among the labels.</param>
internal sealed record OverconfidenceReference(double Value, double Most, PerOutcome<double> Shares)
{
    /// <summary>Whether anything can be compared with it.</summary>
    [JsonIgnore]
    public bool IsPossible => double.IsFinite(Most) && Most > 0
        && Shares is { A: >= 0 and <= 1, B: >= 0 and <= 1, Tie: >= 0 and <= 1 };

    /// <summary>The overconfidence that one vote shows.</summary>
    /// <param name="said">What the judge says.</param>
    /// <param name="target">What people said.</param>
    public double Of(Preference said, Preference target) =>
        Metrics.Overconfidence.Of(said, target, new Preference(Shares.A, Shares.B, Shares.Tie));
}
