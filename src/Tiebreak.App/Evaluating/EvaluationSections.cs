using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Calibration;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Metrics;
using Tiebreak.Reports.Documents;

namespace Tiebreak.App.Evaluating;

/// <summary>The sections that evaluations and trainings have in common.</summary>
internal static class EvaluationSections
{
    private static readonly string[] OutcomeNames = ["A is better", "B is better", "Tie"];

    public static Paragraph Intro(string subject, EvaluationResult result) => new(
        Invariant($"{subject}: {Quantity.Of(result.Rows, "battle")} about {Quantity.Of(result.Prompts, "different opening prompt")}. ") +
        "Intervals are bootstrapped over prompts.");

    /// <summary>What to look at where no battle ended in a tie.</summary>
    public static IEnumerable<string> WithoutTies(DetailedEvaluation evaluation)
    {
        if (evaluation.Result.Shares.Tie == 0)
        {
            yield return "None of these battles ended in a tie, so a judge that expects ties is wrong wherever it calls one "
                + Invariant($"(this one gives them {evaluation.Result.MeanPredicted.Tie:P1}). Look at the lines \"A against B\".");
        }
    }

    /// <summary>The metrics as a table.</summary>
    /// <param name="result">The metrics.</param>
    /// <param name="decisive">How well the better side is told; null to leave it out.</param>
    public static TextTable Metrics(EvaluationResult result, DecisiveResult? decisive = null) => new(
        "Metrics", ["Metric", "Value", "To compare"],
        [
            ["Log loss", NumberText.Loss(result.LogLoss), $"95 % interval {NumberText.Range(result.LogLossInterval)}"],
            ["  where A won", NumberText.Loss(result.LogLossByOutcome[Outcome.A]), Share(result, Outcome.A)],
            ["  where B won", NumberText.Loss(result.LogLossByOutcome[Outcome.B]), Share(result, Outcome.B)],
            ["  where it was a tie", NumberText.Loss(result.LogLossByOutcome[Outcome.Tie]), Share(result, Outcome.Tie)],
            ["Accuracy", NumberText.Percent(result.Accuracy), ""],
            .. decisive is { Rows: > 0 } ? Decisive(decisive) : [],
            ["Brier score", NumberText.Loss(result.Brier), "uniform 0.6667"],
            ["Calibration error, top", NumberText.Loss(result.TopLabelCalibration.Value), Band(result.TopLabelCalibration)],
            ["Calibration error, all", NumberText.Loss(result.ClassWiseCalibration.Value), Band(result.ClassWiseCalibration)],
            [
                "Overconfidence", NumberText.Loss(result.Overconfidence),
                $"calibrated 1; 95 % interval {NumberText.Range(result.OverconfidenceInterval)}",
            ],
        ]);

    public static TextTable Baselines(IReadOnlyList<Baseline> baselines) => new(
        "Baselines", ["Baseline", "Log loss", "Accuracy", "Judge minus\nbaseline", "95 % interval,\npaired"],
        [.. baselines.Select(baseline => new[]
        {
            baseline.Name, NumberText.Loss(baseline.LogLoss), NumberText.Percent(baseline.Accuracy),
            NumberText.Signed(baseline.Difference, 4), NumberText.SignedRange(baseline.DifferenceInterval),
        })]);

    public static TextTable Confusion(EvaluationResult result) => new(
        "Confusion", ["People said", .. OutcomeNames.Select(name => $"judge: {name}"), "Foreseen"],
        [.. Enum.GetValues<Outcome>().Select(actual =>
        {
            int[] counts = [.. Enum.GetValues<Outcome>().Select(predicted => result.Confusion[actual, predicted])];
            return (string[])
            [
                OutcomeNames[(int)actual], .. counts.Select(NumberText.Count), NumberText.Percent(counts[(int)actual], counts.Sum()),
            ];
        })]);

    /// <summary>What another temperature would do.</summary>
    public static Paragraph Refit(TemperatureRefit refit)
    {
        var change = NumberText.Signed(-refit.Gain, 4);
        var interval = NumberText.SignedRange(new Interval(-refit.GainInterval.Upper, -refit.GainInterval.Lower));
        return new Paragraph(
            Invariant($"Another temperature ({refit.Temperature:F3}) would change the log loss by {change} ") +
            $"(cross-fitted; 95 % interval {interval}).");
    }

    /// <summary>What the loss means for a calibrated judge; null where no calibrated judge has it.</summary>
    public static Paragraph? Reading(EvaluationResult result)
    {
        if (Math.Min(result.Shares.A, Math.Min(result.Shares.B, result.Shares.Tie)) < 0.01 || result.LogLoss < 0.05
            || result.LogLoss > DirichletJudge.LossOfShares(result.Shares) - 0.001)
        {
            return null;
        }

        var judge = DirichletJudge.WithLogLoss(result.LogLoss, result.Shares);
        return new Paragraph(
            Invariant($"A calibrated judge with this log loss would typically foresee {judge.Accuracy:P1} of these verdicts, ") +
            Invariant($"with a mean confidence of as much; this one foresees {result.Accuracy:P1}."));
    }

    private static string[][] Decisive(DecisiveResult decisive) =>
    [
        [
            "Accuracy, A against B", NumberText.Percent(decisive.Accuracy),
            $"95 % interval {NumberText.PercentRange(decisive.AccuracyInterval)}; {Quantity.Of(decisive.Rows, "battle")}",
        ],
        [
            "Log loss, A against B", NumberText.Loss(decisive.LogLoss),
            $"95 % interval {NumberText.Range(decisive.LogLossInterval)}; a coin 0.6931",
        ],
    ];

    private static string Band(CalibrationError error) =>
        $"chance alone {NumberText.Range(error.Expected)}{(error.IsBeyondChance ? " (worse)" : "")}";

    private static string Share(EvaluationResult result, Outcome outcome) =>
        Invariant($"{result.Shares[outcome]:P1} of battles, predicted {result.MeanPredicted[outcome]:P1}");

    /// <summary>Whether it is foretold that people find neither response acceptable.</summary>
    public static Paragraph Acceptability(AcceptabilityResult result) => new(
        Invariant($"Is either good enough? People called {result.BothBad:N0} of {Quantity.Of(result.Rows, "battle")} both bad, and the ")
        + Invariant($"judge expects {result.Expected:N1}. Log loss of this question {NumberText.Loss(result.LogLoss)}, and ")
        + $"{NumberText.Loss(result.LogLossOfShare)} of the share alone (difference, 95 %: {NumberText.SignedRange(result.Difference)}); "
        + $"Brier score {NumberText.Loss(result.Brier)} against {NumberText.Loss(result.BrierOfShare)}.");
}
