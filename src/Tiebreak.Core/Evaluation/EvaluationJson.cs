using System.Text.Json.Nodes;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;

namespace Tiebreak.Core.Evaluation;

/// <summary>Evaluations as JSON, the same in bundles and in <c>evaluate --json</c>. Values that do not exist (NaN) are null.</summary>
public static class EvaluationJson
{
    /// <summary>The metrics of one evaluation.</summary>
    public static JsonObject ToJson(EvaluationResult result) => new()
    {
        ["rows"] = result.Rows,
        ["prompts"] = result.Prompts,
        ["log_loss"] = Number(result.LogLoss),
        ["log_loss_ci"] = Range(result.LogLossInterval),
        ["accuracy"] = Number(result.Accuracy),
        ["brier"] = Number(result.Brier),
        ["ece"] = Number(result.TopLabelCalibration.Value),
        ["ece_expected"] = Range(result.TopLabelCalibration.Expected),
        ["class_wise_ece"] = Number(result.ClassWiseCalibration.Value),
        ["class_wise_ece_expected"] = Range(result.ClassWiseCalibration.Expected),
        ["log_loss_by_outcome"] = PerOutcome(outcome => Number(result.LogLossByOutcome[outcome])),
        ["shares"] = PerOutcome(outcome => Number(result.Shares[outcome])),
        ["mean_predicted"] = PerOutcome(outcome => Number(result.MeanPredicted[outcome])),
        ["confusion"] = PerOutcome(actual => PerOutcome(predicted => result.Confusion[actual, predicted])),
    };

    /// <summary>The metrics with the baselines beside them.</summary>
    public static JsonObject ToJson(EvaluationResult result, IReadOnlyList<Baseline> baselines)
    {
        var json = ToJson(result);
        json["baselines"] = new JsonArray([.. baselines.Select(baseline => new JsonObject
        {
            ["name"] = baseline.Name,
            ["log_loss"] = Number(baseline.LogLoss),
            ["accuracy"] = Number(baseline.Accuracy),
            ["difference"] = Number(baseline.Difference),
            ["difference_ci"] = Range(baseline.DifferenceInterval),
        })]);
        return json;
    }

    private static JsonNode? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;

    private static JsonArray Range(Interval interval) => new(Number(interval.Lower), Number(interval.Upper));

    private static JsonObject PerOutcome(Func<Outcome, JsonNode?> value) => new()
    {
        ["a"] = value(Outcome.A),
        ["b"] = value(Outcome.B),
        ["tie"] = value(Outcome.Tie),
    };
}
