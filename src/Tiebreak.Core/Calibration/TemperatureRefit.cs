using System.Text.Json.Serialization;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Metrics;
using Tiebreak.Core.Splitting;

namespace Tiebreak.Core.Calibration;

/// <summary>What another temperature would do for preferences: a judge that is well calibrated has nothing to gain.</summary>
/// <param name="Temperature">The best temperature on all rows: above 1 the judge is too sure of itself, below 1 not sure enough.</param>
/// <param name="Gain">By how much the log loss falls if every fold gets the temperature of the others; may be below 0.</param>
/// <param name="GainInterval">95 % interval of the gain: paired, by bootstrap over prompts.</param>
public sealed record TemperatureRefit(double Temperature, double Gain, [property: JsonPropertyName("gain_ci")] Interval GainInterval)
{
    private const int Folds = 5;

    /// <summary>Refits the temperature across prompt-grouped folds.</summary>
    /// <exception cref="InputException">There are fewer distinct prompts than folds.</exception>
    public static TemperatureRefit Of(IReadOnlyList<Preference> predicted, LabelledBattles labelled, ulong seed = 0)
    {
        var calibrated = CrossFit(predicted, labelled, seed);
        var gains = LogLoss.PerRow(predicted, labelled.Targets).Zip(LogLoss.PerRow(calibrated, labelled.Targets), (before, after) => before - after).ToArray();
        return new TemperatureRefit(
            Calibration.Temperature.Fit(predicted, labelled.Targets).Value, gains.Average(), ClusterBootstrap.OfMean(gains, labelled.Groups, seed));
    }

    private static Preference[] CrossFit(IReadOnlyList<Preference> predicted, LabelledBattles labelled, ulong seed) =>
        new Calibrator(CalibrationMethod.Temperature).CrossFit(predicted, labelled, GroupedFolds.Assign(labelled, Folds, seed), Folds);
}
