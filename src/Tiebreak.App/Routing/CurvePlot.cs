using Tiebreak.Ratings.Routing;
using Tiebreak.Reports.Plots;

namespace Tiebreak.App.Routing;

/// <summary>
/// Cost against quality: the policy with intervals, the same without prompts, and the lot between the cheapest model and the reference.
/// </summary>
internal static class CurvePlot
{
    public static LineChart Of(PolicyManifest manifest, CostQualityCurve curve)
    {
        var lot = curve.Always.Single(model => string.Equals(model.Model, curve.Cheapest, StringComparison.Ordinal)).Estimate;
        Series[] series =
        [
            new("policy", Points(curve.Points, withIntervals: true)),
            .. manifest.UsesPrompts
                ? [new Series("without prompts", Points(curve.WithoutPrompts, withIntervals: false))]
                : Array.Empty<Series>(),
            new("by lot", [new SeriesPoint(100 * lot.CostShare, 100 * lot.Quality), new SeriesPoint(100, 100)]),
        ];
        return new LineChart(
            "Cost and quality of routing",
            $"{(manifest.Objective == RoutingObjective.Seconds ? "time" : "cost")}, percent of always asking {manifest.Reference}",
            "as good as it or better, percent", series);
    }

    // Thresholds that choose alike are one point.
    private static SeriesPoint[] Points(IReadOnlyList<CurvePoint> points, bool withIntervals) =>
    [
        .. points.Select(point => point.Estimate).DistinctBy(estimate => (estimate.CostShare, estimate.Quality))
            .OrderBy(estimate => estimate.CostShare).ThenBy(estimate => estimate.Quality)
            .Select(estimate => withIntervals
                ? new SeriesPoint(
                    100 * estimate.CostShare, 100 * estimate.Quality, 100 * estimate.QualityInterval.Lower,
                    100 * estimate.QualityInterval.Upper)
                : new SeriesPoint(100 * estimate.CostShare, 100 * estimate.Quality)),
    ];
}
