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
    /// <exception cref="InputException">All battles are about one prompt.</exception>
    /// <param name="predicted">One preference per battle, in their order.</param>
    /// <param name="labelled">The battles and their labels.</param>
    /// <param name="seed">Seed of folds and bootstrap.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it. -1: no limit.</param>
    public static TemperatureRefit Of(
        IReadOnlyList<Preference> predicted, LabelledBattles labelled, ulong seed = 0, int threads = -1)
    {
        var folds = GroupedFolds.AssignAsFar(labelled, Folds, seed);
        var calibrated = new Calibrator(CalibrationMethod.Temperature).CrossFit(predicted, labelled, folds, Folds, threads);
        var losses = LogLoss.PerRow(predicted, labelled.Targets);
        double[] gains = [.. losses.Zip(LogLoss.PerRow(calibrated, labelled.Targets), (before, after) => before - after)];
        return new TemperatureRefit(
            Calibration.Temperature.Fit(predicted, labelled.Targets).Value,
            gains.Average(),
            ClusterBootstrap.OfMean(gains, labelled.Groups, seed, threads: threads));
    }
}
