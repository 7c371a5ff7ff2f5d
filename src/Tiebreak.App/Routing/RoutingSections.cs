using System.Text.Json;
using System.Text.Json.Nodes;
using Tiebreak.Core.Metrics;
using Tiebreak.Ratings.Routing;
using Tiebreak.Reports.Documents;

namespace Tiebreak.App.Routing;

/// <summary>Policies as sections.</summary>
internal static class RoutingSections
{
    public static TextTable Losses(PromptGain gain)
    {
        string[][] bradleyTerry = double.IsNaN(gain.BradleyTerry)
            ? []
            : [Loss("Bradley-Terry and the share of ties", gain.BradleyTerry, gain.WithPrompts, gain.ToBradleyTerry)];
        return new TextTable(
            Invariant($"Log loss on {gain.Votes:N0} held-out votes, {gain.Prompts:N0} prompts"),
            ["Ratings", "Log loss", "With prompts minus this", "95 % interval,\npaired"],
            [
                .. bradleyTerry,
                Loss("the same for every prompt (Davidson)", gain.WithoutPrompts, gain.WithPrompts, gain.ToWithoutPrompts),
                ["with prompts", NumberText.Loss(gain.WithPrompts), "", ""],
            ]);
    }

    /// <summary>What in a prompt changes strengths most, as the trainer of the predictor reports it.</summary>
    public static IEnumerable<Section> Telling(PolicyManifest manifest)
    {
        if (!manifest.UsesPrompts || manifest.Training["telling"] is not JsonArray { Count: > 0 } telling)
            return [];
        var features = telling.Deserialize(InnerJson.Default.IReadOnlyListTellingFeature)!;
        return
        [
            new TextTable(
                "What in a prompt changes strengths most", ["In the prompt", "Typical spread", "Speaks for", "and against"],
                [.. features.Select(feature => new[]
                {
                    feature.Feature, NumberText.Of(feature.Spread, "F2"), feature.For, feature.Against,
                })]),
        ];
    }

    public static IEnumerable<Section> Curve(PolicyManifest manifest, CostQualityCurve curve)
    {
        var (unit, scale) = manifest.Objective == RoutingObjective.Seconds ? ("Seconds", 1) : ("Cost of 1,000", 1000);
        yield return new TextTable(
            Invariant($"One model for everything, against {manifest.Reference} ({curve.Votes:N0} held-out votes)"),
            ["Model", unit, "Of the reference's", "As good or better", "95 %", "Votes"],
            [.. curve.Always.OrderBy(model => model.Estimate.Cost).Select(model => new[]
            {
                model.Model, NumberText.Amount(scale * model.Estimate.Cost), NumberText.Percent(model.Estimate.CostShare),
                NumberText.Percent(model.Estimate.Quality),
                string.Equals(model.Model, manifest.Reference, StringComparison.Ordinal)
                    ? "by definition"
                    : Range(model.Estimate.QualityInterval),
                NumberText.Count(model.Estimate.Votes),
            })]);
        yield return new TextTable(
            $"The policy, on held-out prompts; the reference is {manifest.Reference}",
            ["Threshold", unit, "Of the reference's", "To it", "As good or better", "95 %", "Votes", "Over the lot", "95 %"],
            [.. Distinct(curve.Points).Select(row => new[]
            {
                row.Thresholds, NumberText.Amount(scale * row.Point.Estimate.Cost), NumberText.Percent(row.Point.Estimate.CostShare),
                NumberText.Percent(row.Point.Estimate.ReferenceShare), NumberText.Percent(row.Point.Estimate.Quality),
                Range(row.Point.Estimate.QualityInterval), NumberText.Count(row.Point.Estimate.Votes),
                NumberText.Signed(100 * row.Point.Gain, 1),
                $"{NumberText.Signed(100 * row.Point.GainInterval.Lower, 1)} to {NumberText.Signed(100 * row.Point.GainInterval.Upper, 1)}",
            })]);
        yield return new Paragraph(
            $"The lot sends prompts to {curve.Cheapest} or {manifest.Reference} at random, at the same cost. " +
            $"Answers of {manifest.Reference} count as good as themselves.");
        if (curve.Points.Max(point => point.Estimate.UnseenShare) is var unseen and > 0)
        {
            yield return new Paragraph(
                Invariant($"For up to {unseen:P1} of prompts the chosen model never met {manifest.Reference} in these votes: ") +
                "there the prediction alone counts.");
        }

        yield return new PlotRow(CurvePlot.Of(manifest, curve));
    }

    /// <summary>How costs of prompts are shown.</summary>
    public static (string Unit, double Scale) UnitOfPrompts(PolicyManifest manifest) =>
        manifest.Objective == RoutingObjective.Seconds ? ("Seconds", 1) : ("Cost of 1,000 such prompts", 1000);

    private static string[] Loss(string name, double loss, double withPrompts, Interval difference) =>
        [name, NumberText.Loss(loss), NumberText.Signed(withPrompts - loss, 4), NumberText.SignedRange(difference)];

    // Thresholds that choose alike are one row.
    private static IEnumerable<(string Thresholds, CurvePoint Point)> Distinct(IReadOnlyList<CurvePoint> points)
    {
        for (var i = 0; i < points.Count;)
        {
            var j = i;
            while (j + 1 < points.Count && points[j + 1].Estimate.Cost == points[i].Estimate.Cost
                && points[j + 1].Estimate.ReferenceShare == points[i].Estimate.ReferenceShare)
            {
                j++;
            }

            yield return (i == j
                ? Invariant($"{points[i].Threshold:P0}")
                : Invariant($"{points[i].Threshold:P0} to {points[j].Threshold:P0}"), points[i]);
            i = j + 1;
        }
    }

    private static string Range(Interval interval) => Invariant($"{100 * interval.Lower:F1} to {100 * interval.Upper:F1}");
}

/// <summary>Something in prompts that changes the strengths of models, as the report of a training has it.</summary>
internal sealed record TellingFeature(string Feature, double Spread, string For, string Against);
