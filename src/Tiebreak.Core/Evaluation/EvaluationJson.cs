using System.Text.Json.Nodes;
using Tiebreak.Core.Calibration;
using Tiebreak.Core.Metrics;
using static Tiebreak.Core.Json.MetricJson;

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
        ["shares"] = Of(result.Shares),
        ["mean_predicted"] = Of(result.MeanPredicted),
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

    /// <summary>Everything that a report shows, but the texts of the misses.</summary>
    public static JsonObject ToJson(DetailedEvaluation evaluation)
    {
        var json = ToJson(evaluation.Result, evaluation.Baselines);
        json["temperature_refit"] = CalibrationJson.ToJson(evaluation.Refit);
        json["reliability"] = PerOutcome(outcome => new JsonArray([.. evaluation.Reliability[outcome].Select(ToJson)]));
        json["histogram"] = PerOutcome(outcome => new JsonArray([.. evaluation.Histogram[outcome].Select(Number)]));
        foreach (var (slicing, results) in evaluation.Slices)
        {
            json[$"by_{slicing.Name.Replace('-', '_')}"] = new JsonObject(
                results.Select(slice => KeyValuePair.Create(slice.Slice, (JsonNode?)ToJson(slice))));
        }

        json["misses"] = new JsonArray([.. evaluation.Misses.Select(miss => new JsonObject
        {
            ["id"] = miss.Battle.Id,
            ["target"] = Of(miss.Battle.Target!.Value),
            ["predicted"] = Of(miss.Predicted),
            ["log_loss"] = Number(miss.LogLoss),
        })]);
        return json;
    }

    private static JsonObject ToJson(ReliabilityBin bin) => new()
    {
        ["rows"] = bin.Rows,
        ["predicted"] = Number(bin.Predicted),
        ["observed"] = Number(bin.Observed),
        ["observed_ci"] = Range(bin.Interval),
    };

    private static JsonObject ToJson(SliceResult slice) => new()
    {
        ["rows"] = slice.Rows,
        ["prompts"] = slice.Prompts,
        ["log_loss"] = Number(slice.LogLoss),
        ["log_loss_ci"] = Range(slice.LogLossInterval),
        ["accuracy"] = Number(slice.Accuracy),
        ["ece"] = Number(slice.Calibration.Value),
        ["ece_expected"] = Range(slice.Calibration.Expected),
        ["difference"] = Number(slice.Difference),
        ["difference_ci"] = Range(slice.DifferenceInterval),
    };
}
