using System.Text.Json.Serialization;
using Tiebreak.Core.Metrics;

namespace Tiebreak.Core.Evaluation;

/// <summary>How well a recipe does with so many training rows.</summary>
/// <param name="Rows">Training rows (prompts are never cut, so a repetition may have a few more).</param>
/// <param name="LogLoss">Mean log loss on rows that were held out.</param>
/// <param name="LogLossInterval">95 % interval, by bootstrap over held-out prompts.</param>
/// <param name="Accuracy">Share of held-out rows whose most probable outcome is the one that people chose.</param>
/// <param name="Spread">Standard deviation of the log loss over the repetitions; part of it is the luck of the held-out rows.</param>
/// <param name="Difference">
/// The log loss minus that of the largest number of rows, on the same held-out rows: what more rows have brought.
/// </param>
/// <param name="DifferenceInterval">95 % interval of the difference: paired, by bootstrap over held-out prompts.</param>
public sealed record LearningCurvePoint(
    [property: JsonPropertyName("training_rows")] int Rows,
    double LogLoss,
    [property: JsonPropertyName("log_loss_ci")] Interval LogLossInterval,
    double Accuracy,
    double Spread,
    double Difference,
    [property: JsonPropertyName("difference_ci")] Interval DifferenceInterval);
