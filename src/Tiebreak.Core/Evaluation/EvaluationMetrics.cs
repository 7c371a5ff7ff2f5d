using System.Text.Json.Serialization;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;

namespace Tiebreak.Core.Evaluation;

/// <summary>The metrics of an evaluation as JSON has them, the same in bundles and in what an evaluation prints.</summary>
public class EvaluationMetrics
{
    private readonly EvaluationResult _result;

    /// <summary>Presents a result with the baselines beside it.</summary>
    protected internal EvaluationMetrics(EvaluationResult result, IReadOnlyList<Baseline> baselines) =>
        (_result, Baselines) = (result, baselines);

    /// <summary>See <see cref="EvaluationResult.Rows"/>.</summary>
    public int Rows => _result.Rows;

    /// <summary>See <see cref="EvaluationResult.Prompts"/>.</summary>
    public int Prompts => _result.Prompts;

    /// <summary>See <see cref="EvaluationResult.LogLoss"/>.</summary>
    public double LogLoss => _result.LogLoss;

    /// <summary>See <see cref="EvaluationResult.LogLossInterval"/>.</summary>
    [JsonPropertyName("log_loss_ci")]
    public Interval LogLossInterval => _result.LogLossInterval;

    /// <summary>See <see cref="EvaluationResult.Accuracy"/>.</summary>
    public double Accuracy => _result.Accuracy;

    /// <summary>See <see cref="EvaluationResult.Brier"/>.</summary>
    public double Brier => _result.Brier;

    /// <summary>Expected calibration error of the most probable outcome.</summary>
    [JsonPropertyName("ece")]
    public double TopLabelCalibration => _result.TopLabelCalibration.Value;

    /// <summary>What chance alone would give in its place.</summary>
    [JsonPropertyName("ece_expected")]
    public Interval TopLabelCalibrationExpected => _result.TopLabelCalibration.Expected;

    /// <summary>Expected calibration error of all three probabilities.</summary>
    [JsonPropertyName("class_wise_ece")]
    public double ClassWiseCalibration => _result.ClassWiseCalibration.Value;

    /// <summary>What chance alone would give in its place.</summary>
    [JsonPropertyName("class_wise_ece_expected")]
    public Interval ClassWiseCalibrationExpected => _result.ClassWiseCalibration.Expected;

    /// <summary>See <see cref="EvaluationResult.Overconfidence"/>.</summary>
    public double Overconfidence => _result.Overconfidence;

    /// <summary>See <see cref="EvaluationResult.OverconfidenceInterval"/>.</summary>
    [JsonPropertyName("overconfidence_ci")]
    public Interval OverconfidenceInterval => _result.OverconfidenceInterval;

    /// <summary>See <see cref="EvaluationResult.LogLossByOutcome"/>.</summary>
    public PerOutcome<double> LogLossByOutcome => PerOutcome.Of(outcome => _result.LogLossByOutcome[outcome]);

    /// <summary>See <see cref="EvaluationResult.Shares"/>.</summary>
    public PerOutcome<double> Shares => PerOutcome.Of(_result.Shares);

    /// <summary>See <see cref="EvaluationResult.MeanPredicted"/>.</summary>
    public PerOutcome<double> MeanPredicted => PerOutcome.Of(_result.MeanPredicted);

    /// <summary>Rows by what people chose, and in each by what the judge found most probable.</summary>
    public PerOutcome<PerOutcome<int>> Confusion =>
        PerOutcome.Of(actual => PerOutcome.Of(predicted => _result.Confusion[actual, predicted]));

    /// <summary>Trivial baselines on the same rows.</summary>
    public IReadOnlyList<Baseline> Baselines { get; }
}
