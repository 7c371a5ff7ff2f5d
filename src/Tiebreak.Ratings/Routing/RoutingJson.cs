using System.Text.Json.Nodes;
using Tiebreak.Core.Json;

namespace Tiebreak.Ratings.Routing;

/// <summary>Results of routing as JSON, the same in policies and on the command line.</summary>
internal static class RoutingJson
{
    /// <summary>Losses and curve.</summary>
    public static JsonObject Of(PromptGain gain, CostQualityCurve curve) => new()
    {
        ["votes"] = gain.Votes,
        ["prompts"] = gain.Prompts,
        ["log_loss"] = new JsonObject
        {
            ["bradley_terry"] = MetricJson.Number(gain.BradleyTerry),
            ["without_prompts"] = MetricJson.Number(gain.WithoutPrompts),
            ["with_prompts"] = MetricJson.Number(gain.WithPrompts),
        },
        ["difference_to_bradley_terry"] = MetricJson.Number(gain.WithPrompts - gain.BradleyTerry),
        ["difference_to_bradley_terry_ci"] = MetricJson.Range(gain.ToBradleyTerry),
        ["difference_to_without_prompts"] = MetricJson.Number(gain.WithPrompts - gain.WithoutPrompts),
        ["difference_to_without_prompts_ci"] = MetricJson.Range(gain.ToWithoutPrompts),
        ["prompts_help"] = gain.Helps,
        ["always"] = new JsonArray([.. curve.Always.Select(model => With(new JsonObject { ["model"] = model.Model }, model.Estimate))]),
        ["cheapest"] = curve.Cheapest,
        ["curve"] = Of(curve.Points),
        ["curve_without_prompts"] = Of(curve.WithoutPrompts),
    };

    private static JsonArray Of(IReadOnlyList<CurvePoint> points) => new([.. points.Select(point =>
    {
        var json = With(new JsonObject { ["threshold"] = point.Threshold }, point.Estimate);
        json["random_quality"] = MetricJson.Number(point.RandomQuality);
        json["gain_over_random"] = MetricJson.Number(point.Gain);
        json["gain_over_random_ci"] = MetricJson.Range(point.GainInterval);
        return json;
    })]);

    private static JsonObject With(JsonObject json, RoutingEstimate estimate)
    {
        json["cost"] = MetricJson.Number(estimate.Cost);
        json["cost_share"] = MetricJson.Number(estimate.CostShare);
        json["reference_share"] = estimate.ReferenceShare;
        json["quality"] = estimate.Quality;
        json["quality_ci"] = MetricJson.Range(estimate.QualityInterval);
        json["votes"] = estimate.Votes;
        json["unseen_share"] = estimate.UnseenShare;
        return json;
    }
}
