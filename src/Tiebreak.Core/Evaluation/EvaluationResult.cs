using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;

namespace Tiebreak.Core.Evaluation;

/// <summary>How well preferences agree with what people voted, on one set of battles or a slice of it.</summary>
public sealed record EvaluationResult
{
    /// <summary>Labelled battles that were scored.</summary>
    public required int Rows { get; init; }

    /// <summary>Distinct prompts among them (see <see cref="PromptGroup"/>).</summary>
    public required int Prompts { get; init; }

    /// <summary>Mean log loss in nats; see <see cref="Metrics.LogLoss"/>.</summary>
    public required double LogLoss { get; init; }

    /// <summary>95 % interval of the log loss, by bootstrap over prompts.</summary>
    public required Interval LogLossInterval { get; init; }

    /// <summary>
    /// Mean of share(vote) / P(vote), at most 10 a row: 1 for a calibrated judge, more for one that is surer than it is right.
    /// </summary>
    public required double Overconfidence { get; init; }

    /// <summary>95 % interval of <see cref="Overconfidence"/>, by bootstrap over prompts.</summary>
    public required Interval OverconfidenceInterval { get; init; }

    /// <summary>Share of rows whose most probable outcome is the one that people chose.</summary>
    public required double Accuracy { get; init; }

    /// <summary>Mean Brier score, 0 to 2.</summary>
    public required double Brier { get; init; }

    /// <summary>Calibration of the most probable outcome.</summary>
    public required CalibrationError TopLabelCalibration { get; init; }

    /// <summary>Calibration of all three probabilities.</summary>
    public required CalibrationError ClassWiseCalibration { get; init; }

    /// <summary>What was predicted against what people chose.</summary>
    public required ConfusionMatrix Confusion { get; init; }

    /// <summary>Mean log loss of the rows that ended in A, B and tie; NaN where there are none.</summary>
    public required IReadOnlyDictionary<Outcome, double> LogLossByOutcome { get; init; }

    /// <summary>Shares of the outcomes that people chose.</summary>
    public required Preference Shares { get; init; }

    /// <summary>Mean of the predicted probabilities.</summary>
    public required Preference MeanPredicted { get; init; }
}
