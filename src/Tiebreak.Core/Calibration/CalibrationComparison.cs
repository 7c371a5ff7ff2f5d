using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Metrics;

namespace Tiebreak.Core.Calibration;

/// <summary>What a way of calibrating does out of fold: each fold is calibrated with what is fitted to the others.</summary>
/// <param name="Calibrator">The way.</param>
/// <param name="IsChosen">Whether the recipe asks for it.</param>
/// <param name="LogLoss">The log loss after it.</param>
/// <param name="Gain">By how much it is lower than with the chosen one; that one: than without any calibration.</param>
/// <param name="GainInterval">95 % interval of the gain: paired, by bootstrap over prompts.</param>
public sealed record CalibrationComparison(Calibrator Calibrator, bool IsChosen, double LogLoss, double Gain, Interval GainInterval)
{
    /// <summary>Compares all methods, and the chosen one with and without post-rules, on out-of-fold preferences.</summary>
    /// <param name="chosen">What the recipe asks for; it comes first.</param>
    /// <param name="outOfFold">Out-of-fold preferences, not calibrated.</param>
    /// <param name="labelled">The battles with what people said.</param>
    /// <param name="folds">The fold of each row.</param>
    /// <param name="foldCount">How many folds there are.</param>
    /// <param name="seed">Seed of the intervals.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it. -1: no limit.</param>
    public static IReadOnlyList<CalibrationComparison> Of(
        Calibrator chosen,
        IReadOnlyList<Preference> outOfFold,
        LabelledBattles labelled,
        IReadOnlyList<int> folds,
        int foldCount,
        ulong seed,
        int threads = -1)
    {
        double[] LossesOf(Calibrator calibrator) =>
            Metrics.LogLoss.PerRow(calibrator.CrossFit(outOfFold, labelled, folds, foldCount, threads), labelled.Targets);

        Calibrator[] calibrators =
        [
            chosen,
            .. Enum.GetValues<CalibrationMethod>().Select(method => chosen with { Method = method })
                .Append(chosen with { WithPostRules = !chosen.WithPostRules })
                .Where(calibrator => calibrator != chosen),
        ];
        double[][] losses = [.. calibrators.Select(LossesOf)];
        var uncalibrated = LossesOf(new Calibrator(CalibrationMethod.None));
        double[][] gains =
        [
            .. losses.Select((after, k) => (k == 0 ? uncalibrated : losses[0]).Zip(after, (before, now) => before - now).ToArray()),
        ];
        var intervals = ClusterBootstrap.OfMeans(gains, labelled.Groups, seed, threads: threads);
        return
        [
            .. calibrators.Select((calibrator, k) =>
                new CalibrationComparison(calibrator, IsChosen: k == 0, losses[k].Average(), gains[k].Average(), intervals[k])),
        ];
    }
}
