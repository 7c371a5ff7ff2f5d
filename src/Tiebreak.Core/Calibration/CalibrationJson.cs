using System.Text.Json;
using System.Text.Json.Nodes;
using Tiebreak.Core.Json;

namespace Tiebreak.Core.Calibration;

/// <summary>Comparisons of calibrations as JSON.</summary>
internal static class CalibrationJson
{
    /// <summary>Adds the comparisons, and what a second temperature would gain, to the metrics of a training.</summary>
    public static JsonObject ToJson(JsonObject metrics, IReadOnlyList<CalibrationComparison> comparisons, TemperatureRefit refit)
    {
        metrics["calibrations"] = new JsonArray([.. comparisons.Select(comparison => new JsonObject
        {
            ["method"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(comparison.Calibrator.Method.ToString()),
            ["post_rules"] = comparison.Calibrator.WithPostRules,
            ["chosen"] = comparison.IsChosen,
            ["log_loss"] = MetricJson.Number(comparison.LogLoss),
            ["gain"] = MetricJson.Number(comparison.Gain),
            ["gain_ci"] = MetricJson.Range(comparison.GainInterval),
        })]);
        metrics["temperature_refit"] = ToJson(refit);
        return metrics;
    }

    /// <summary>What another temperature would do.</summary>
    public static JsonObject ToJson(TemperatureRefit refit) => new()
    {
        ["temperature"] = MetricJson.Number(refit.Temperature),
        ["gain"] = MetricJson.Number(refit.Gain),
        ["gain_ci"] = MetricJson.Range(refit.GainInterval),
    };
}
