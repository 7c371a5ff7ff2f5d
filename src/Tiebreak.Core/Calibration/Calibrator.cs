using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;

namespace Tiebreak.Core.Calibration;

/// <summary>Fits the steps that lead from what a judge says to what its bundle says.</summary>
/// <param name="Method">The calibration.</param>
/// <param name="WithPostRules">Whether <see cref="PostRules"/> follow it.</param>
public sealed record Calibrator(CalibrationMethod Method, bool WithPostRules = false)
{
    private const double Spread = 0.5;

    /// <summary>Fits the steps, to be applied in their order.</summary>
    /// <param name="preferences">What the judge said about battles that it had not learned from.</param>
    /// <param name="labelled">The battles with what people said, and how much each counts.</param>
    public IReadOnlyList<ICalibration> Fit(IReadOnlyList<Preference> preferences, LabelledBattles labelled)
    {
        ICalibration[] steps = Method switch
        {
            CalibrationMethod.None => [],
            CalibrationMethod.Temperature => [FitTemperature(preferences, labelled.Targets, labelled.Weights)],
            CalibrationMethod.TemperatureByLength => [BinnedTemperature.Fit(BattleBins.Length, preferences, labelled)],
            CalibrationMethod.TemperatureByTurns => [BinnedTemperature.Fit(BattleBins.Turns, preferences, labelled)],
            CalibrationMethod.Length => [LengthNeutral.Fit(preferences, labelled)],
            CalibrationMethod.Vector => [VectorScaling.Fit(preferences, labelled.Targets, labelled.Weights)],
            CalibrationMethod.Isotonic => [IsotonicCalibration.Fit(preferences, labelled.Targets, labelled.Weights)],
            _ => throw new ArgumentOutOfRangeException(nameof(preferences), Method, "is no method of calibration"),
        };
        return WithPostRules ? [.. steps, PostRules.Fit(labelled)] : steps;
    }

    /// <summary>
    /// Calibrates each fold with what is fitted to all other folds, so that the result says honestly what calibration will do on new rows.
    /// </summary>
    /// <param name="preferences">Out-of-fold preferences.</param>
    /// <param name="labelled">The battles with what people said.</param>
    /// <param name="folds">The fold of each row, 0 to <paramref name="foldCount"/> - 1.</param>
    /// <param name="foldCount">How many folds there are.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it. -1: no limit.</param>
    public Preference[] CrossFit(
        IReadOnlyList<Preference> preferences, LabelledBattles labelled, IReadOnlyList<int> folds, int foldCount, int threads = -1)
    {
        var calibrated = new Preference[preferences.Count];
        Parallel.For(0, foldCount, new ParallelOptions { MaxDegreeOfParallelism = threads }, fold =>
        {
            int[] others = [.. Enumerable.Range(0, folds.Count).Where(i => folds[i] != fold)];
            var steps = others.Length == 0 ? [] : Fit([.. others.Select(i => preferences[i])], labelled.Only(others));
            for (var i = 0; i < calibrated.Length; i++)
            {
                if (folds[i] == fold)
                    calibrated[i] = Apply(steps, preferences[i], labelled.Battles[i]);
            }
        });

        return calibrated;
    }

    /// <summary>
    /// The temperature of a judge, drawn towards 1 as if its logarithm were spread by a half: on a hundred rows the best temperature is
    /// mostly luck, on thousands this changes nothing.
    /// </summary>
    /// <param name="preferences">What the judge said.</param>
    /// <param name="targets">What people said, row by row.</param>
    /// <param name="weights">How much each row counts; null: all the same.</param>
    public static Temperature FitTemperature(
        IReadOnlyList<Preference> preferences, IReadOnlyList<Preference> targets, IReadOnlyList<double>? weights = null) =>
        Temperature.Fit(preferences, targets, Temperature.One, Spread, weights);

    /// <summary>Applies steps in their order.</summary>
    public static Preference Apply(IReadOnlyList<ICalibration> steps, Preference preference, Battle battle)
    {
        foreach (var step in steps)
            preference = step.Apply(preference, battle);
        return preference;
    }
}
