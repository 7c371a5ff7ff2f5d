using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;

namespace Tiebreak.Core.Evaluation;

/// <summary>Scores preferences against labels.</summary>
public static class Evaluator
{
    /// <summary>Scores all battles.</summary>
    /// <param name="predicted">One preference per battle, in their order.</param>
    /// <param name="labelled">The battles and their labels.</param>
    /// <param name="seed">Seed of the bootstrap and of the simulated calibration bands.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it. -1: no limit.</param>
    public static EvaluationResult Evaluate(
        IReadOnlyList<Preference> predicted, LabelledBattles labelled, ulong seed = 0, int threads = -1)
    {
        var targets = labelled.Targets;
        var losses = LogLoss.PerRow(predicted, targets);
        var shares = Mean(targets);
        double[] overconfidence = [.. predicted.Zip(targets, (said, target) => Metrics.Overconfidence.Of(said, target, shares))];
        var intervals = ClusterBootstrap.OfMeans([losses, overconfidence], labelled.Groups, seed, threads: threads);
        return new EvaluationResult
        {
            Rows = labelled.Count,
            Prompts = labelled.Groups.Max() + 1,
            LogLoss = losses.Average(),
            LogLossInterval = intervals[0],
            Overconfidence = overconfidence.Average(),
            OverconfidenceInterval = intervals[1],
            Accuracy = predicted.Zip(targets).Average(row => row.First.Top == row.Second.Top ? 1.0 : 0.0),
            Brier = predicted.Zip(targets).Average(row => BrierScore.Of(row.First, row.Second)),
            TopLabelCalibration = CalibrationError.OfTopLabel(predicted, targets, seed, threads),
            ClassWiseCalibration = CalibrationError.ClassWise(predicted, targets, seed, threads),
            Confusion = new ConfusionMatrix(predicted, targets),
            LogLossByOutcome = Enum.GetValues<Outcome>().ToDictionary(outcome => outcome, outcome => LossOf(outcome, losses, targets)),
            Shares = shares,
            MeanPredicted = Mean(predicted),
        };
    }

    /// <summary>Scores every slice of several slicings by itself, and against the class shares of the whole set.</summary>
    /// <param name="predicted">One preference per battle, in their order.</param>
    /// <param name="labelled">The battles and their labels.</param>
    /// <param name="slicings">How to cut them.</param>
    /// <param name="seed">Seed of the bootstrap and of the simulated calibration bands.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it. -1: no limit.</param>
    /// <returns>For each slicing the results of its slices, in their order.</returns>
    /// <exception cref="InputException">All battles are about one prompt.</exception>
    public static IReadOnlyList<(Slicing Slicing, IReadOnlyList<SliceResult> Results)> EvaluateBy(
        IReadOnlyList<Preference> predicted,
        LabelledBattles labelled,
        IReadOnlyList<Slicing> slicings,
        ulong seed = 0,
        int threads = -1)
    {
        var losses = LogLoss.PerRow(predicted, labelled.Targets);
        var shares = LogLoss.PerRow(Baseline.ClassShares(labelled, seed), labelled.Targets);
        return
        [
            .. slicings.Select(slicing => (
                slicing,
                (IReadOnlyList<SliceResult>)
                [
                    .. slicing.Slices.Select(slice => Evaluate(slice, predicted, labelled, losses, shares, seed, threads)),
                ])),
        ];
    }

    private static SliceResult Evaluate(
        Slice slice,
        IReadOnlyList<Preference> predicted,
        LabelledBattles labelled,
        double[] losses,
        double[] shares,
        ulong seed,
        int threads)
    {
        Preference[] preferences = [.. slice.Rows.Select(i => predicted[i])];
        Preference[] targets = [.. slice.Rows.Select(i => labelled.Targets[i])];
        double[] sliceLosses = [.. slice.Rows.Select(i => losses[i])];
        double[] differences = [.. slice.Rows.Select(i => losses[i] - shares[i])];
        var numbers = slice.Rows.Select(i => labelled.Groups[i]).Distinct().Select((group, number) => (group, number)).ToDictionary();
        int[] groups = [.. slice.Rows.Select(i => numbers[labelled.Groups[i]])];
        var intervals = ClusterBootstrap.OfMeans([sliceLosses, differences], groups, seed, threads: threads);
        return new SliceResult(
            slice.Name,
            slice.Rows.Count,
            numbers.Count,
            sliceLosses.Average(),
            intervals[0],
            preferences.Zip(targets).Average(row => row.First.Top == row.Second.Top ? 1.0 : 0.0),
            CalibrationError.OfTopLabel(preferences, targets, seed, threads),
            differences.Average(),
            intervals[1]);
    }

    // The loss of an outcome's rows; soft targets weigh by their probability.
    private static double LossOf(Outcome outcome, double[] losses, IReadOnlyList<Preference> targets)
    {
        double sum = 0, weight = 0;
        for (var i = 0; i < losses.Length; i++)
        {
            sum += targets[i][outcome] * losses[i];
            weight += targets[i][outcome];
        }

        return weight > 0 ? sum / weight : double.NaN;
    }

    private static Preference Mean(IReadOnlyList<Preference> preferences) =>
        new(preferences.Average(p => p.A), preferences.Average(p => p.B), preferences.Average(p => p.Tie));
}
