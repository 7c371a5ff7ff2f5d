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
    public static EvaluationResult Evaluate(IReadOnlyList<Preference> predicted, LabelledBattles labelled, ulong seed = 0)
    {
        var targets = labelled.Targets;
        var losses = LogLoss.PerRow(predicted, targets);
        return new EvaluationResult
        {
            Rows = labelled.Count,
            Prompts = labelled.Groups.Max() + 1,
            LogLoss = losses.Average(),
            LogLossInterval = ClusterBootstrap.OfMean(losses, labelled.Groups, seed),
            Accuracy = predicted.Zip(targets).Average(row => row.First.Top == row.Second.Top ? 1.0 : 0.0),
            Brier = predicted.Zip(targets).Average(row => BrierScore.Of(row.First, row.Second)),
            TopLabelCalibration = CalibrationError.OfTopLabel(predicted, targets, seed),
            ClassWiseCalibration = CalibrationError.ClassWise(predicted, targets, seed),
            Confusion = new ConfusionMatrix(predicted, targets),
            LogLossByOutcome = Enum.GetValues<Outcome>().ToDictionary(outcome => outcome, outcome => LossOf(outcome, losses, targets)),
            Shares = Mean(targets),
            MeanPredicted = Mean(predicted),
        };
    }

    /// <summary>Scores each slice by itself, largest first.</summary>
    /// <param name="predicted">One preference per battle, in their order.</param>
    /// <param name="labelled">The battles and their labels.</param>
    /// <param name="slice">Names the slice of a battle, for instance by <see cref="Slice"/>.</param>
    /// <param name="seed">Seed of the bootstrap and of the simulated calibration bands.</param>
    public static IReadOnlyList<(string Slice, EvaluationResult Result)> EvaluateBy(
        IReadOnlyList<Preference> predicted, LabelledBattles labelled, Func<Battle, string> slice, ulong seed = 0) =>
    [
        .. Enumerable.Range(0, labelled.Count)
            .GroupBy(i => slice(labelled.Battles[i]), StringComparer.Ordinal)
            .OrderByDescending(rows => rows.Count()).ThenBy(rows => rows.Key, StringComparer.Ordinal)
            .Select(rows => (rows.Key, Evaluate(
                [.. rows.Select(i => predicted[i])], new LabelledBattles([.. rows.Select(i => labelled.Battles[i])]), seed))),
    ];

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
