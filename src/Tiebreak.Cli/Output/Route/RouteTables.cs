using System.Globalization;
using System.Text.Json.Nodes;
using Tiebreak.Core.Metrics;
using Tiebreak.Ratings.Routing;

namespace Tiebreak.Cli.Output.Route;

/// <summary>Policies as tables and sentences.</summary>
internal static class RouteTables
{
    public static void Show(Session session, PromptGain gain)
    {
        string[][] bradleyTerry = double.IsNaN(gain.BradleyTerry)
            ? []
            : [["Bradley-Terry and the share of ties", Figures.Loss(gain.BradleyTerry),
                Signed.Format(gain.WithPrompts - gain.BradleyTerry, 4), Figures.SignedRange(gain.ToBradleyTerry)]];
        session.Show(new TextTable(
            Format($"Log loss on {gain.Votes:N0} held-out votes, {gain.Prompts:N0} prompts"),
            ["Ratings", "Log loss", "With prompts minus this", "95 % interval,\npaired"],
            [
                .. bradleyTerry,
                [
                    "the same for every prompt (Davidson)",
                    Figures.Loss(gain.WithoutPrompts),
                    Signed.Format(gain.WithPrompts - gain.WithoutPrompts, 4),
                    Figures.SignedRange(gain.ToWithoutPrompts),
                ],
                ["with prompts", Figures.Loss(gain.WithPrompts), "", ""],
            ]).ToTerminal());
    }

    public static void ShowTelling(Session session, PolicyManifest manifest)
    {
        if (!manifest.UsesPrompts || manifest.Training["telling"] is not JsonArray { Count: > 0 } telling)
            return;
        session.Show(new TextTable(
            "What in a prompt changes strengths most", ["In the prompt", "Typical spread", "Speaks for", "and against"],
            [.. telling.Select(feature => new[]
            {
                (string)feature!["feature"]!,
                Format($"{(double)feature["spread"]!:F2}"),
                (string)feature["for"]!,
                (string)feature["against"]!,
            })]).ToTerminal());
    }

    public static void Show(Session session, PolicyManifest manifest, CostQualityCurve curve)
    {
        var (unit, scale) = manifest.Objective == RoutingObjective.Seconds ? ("Seconds", 1) : ("Cost of 1,000", 1000);
        session.Show(new TextTable(
            Format($"One model for everything, against {manifest.Reference} ({curve.Votes:N0} held-out votes)"),
            ["Model", unit, "Of the reference's", "As good or better", "95 %", "Votes"],
            [.. curve.Always.OrderBy(model => model.Estimate.Cost).Select(model => new[]
            {
                model.Model, Figures.Amount(scale * model.Estimate.Cost), Figures.Percent(model.Estimate.CostShare),
                Figures.Percent(model.Estimate.Quality),
                string.Equals(model.Model, manifest.Reference, StringComparison.Ordinal)
                    ? "by definition"
                    : Range(model.Estimate.QualityInterval),
                Figures.Count(model.Estimate.Votes),
            })]).ToTerminal());
        session.Show(new TextTable(
            $"The policy, on held-out prompts; the reference is {manifest.Reference}",
            ["Threshold", unit, "Of the reference's", "To it", "As good or better", "95 %", "Votes", "Over the lot", "95 %"],
            [.. Distinct(curve.Points).Select(row => new[]
            {
                row.Thresholds, Figures.Amount(scale * row.Point.Estimate.Cost), Figures.Percent(row.Point.Estimate.CostShare),
                Figures.Percent(row.Point.Estimate.ReferenceShare),
                Figures.Percent(row.Point.Estimate.Quality), Range(row.Point.Estimate.QualityInterval),
                Figures.Count(row.Point.Estimate.Votes),
                Signed.Format(100 * row.Point.Gain, 1),
                $"{Signed.Format(100 * row.Point.GainInterval.Lower, 1)} to {Signed.Format(100 * row.Point.GainInterval.Upper, 1)}",
            })]).ToTerminal());
        session.Say($"The lot sends prompts to {curve.Cheapest} or {manifest.Reference} at random, at the same cost. "
            + $"Answers of {manifest.Reference} count as good as themselves.");
        if (curve.Points.Max(point => point.Estimate.UnseenShare) is var unseen and > 0)
        {
            session.Say(Format($"For up to {unseen:P1} of prompts the chosen model never met ")
                + Format($"{manifest.Reference} in these votes: there the prediction alone counts."));
        }
    }

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

            yield return (
                i == j ? Format($"{points[i].Threshold:P0}") : Format($"{points[i].Threshold:P0} to {points[j].Threshold:P0}"), points[i]);
            i = j + 1;
        }
    }

    private static string Range(Interval interval) => Format($"{100 * interval.Lower:F1} to {100 * interval.Upper:F1}");

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
