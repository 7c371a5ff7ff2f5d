using System.Globalization;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Calibration;
using Tiebreak.Core.Evaluation;

namespace Tiebreak.Cli.Output;

/// <summary>An evaluation as tables and sentences, the same for the terminal and for the page.</summary>
internal static class EvaluationTables
{
    // A slice of fewer rows says more about chance than about the judge; JSON has them all.
    private const int FewestRows = 10;
    private const int MostSlices = 40;

    private static readonly string[] OutcomeNames = ["A is better", "B is better", "Tie"];

    /// <summary>Shows the metrics and the baselines beside them.</summary>
    public static void Show(Session session, string title, EvaluationResult result, IReadOnlyList<Baseline> baselines)
    {
        session.Say($"{title}: {result.Rows:N0} battles, {result.Prompts:N0} prompts");
        session.Show(Metrics(result).ToTerminal());
        session.Show(Baselines(baselines).ToTerminal());
    }

    public static TextTable Metrics(EvaluationResult result) => new(
        "Metrics", ["Metric", "Value", "To compare"],
        [
            ["Log loss", Figures.Loss(result.LogLoss), $"95 % interval {Figures.Range(result.LogLossInterval)}"],
            ["  where A won", Figures.Loss(result.LogLossByOutcome[Outcome.A]), Share(result, Outcome.A)],
            ["  where B won", Figures.Loss(result.LogLossByOutcome[Outcome.B]), Share(result, Outcome.B)],
            ["  where it was a tie", Figures.Loss(result.LogLossByOutcome[Outcome.Tie]), Share(result, Outcome.Tie)],
            ["Accuracy", Figures.Percent(result.Accuracy), ""],
            ["Brier score", Figures.Loss(result.Brier), "uniform 0.6667"],
            ["Calibration error, top", Figures.Loss(result.TopLabelCalibration.Value), Figures.Band(result.TopLabelCalibration)],
            ["Calibration error, all", Figures.Loss(result.ClassWiseCalibration.Value), Figures.Band(result.ClassWiseCalibration)],
        ]);

    public static TextTable Baselines(IReadOnlyList<Baseline> baselines) => new(
        "Baselines", ["Baseline", "Log loss", "Accuracy", "Judge minus\nbaseline", "95 % interval,\npaired"],
        [.. baselines.Select(baseline => new[]
        {
            baseline.Name, Figures.Loss(baseline.LogLoss), Figures.Percent(baseline.Accuracy), Signed.Format(baseline.Difference, 4),
            Figures.SignedRange(baseline.DifferenceInterval),
        })]);

    public static TextTable Confusion(EvaluationResult result) => new(
        "Confusion", ["People said", .. OutcomeNames.Select(name => $"judge: {name}"), "Foreseen"],
        [.. Enum.GetValues<Outcome>().Select(actual =>
        {
            int[] counts = [.. Enum.GetValues<Outcome>().Select(predicted => result.Confusion[actual, predicted])];
            var foreseen = counts.Sum() == 0 ? double.NaN : (double)counts[(int)actual] / counts.Sum();
            return (string[])[OutcomeNames[(int)actual], .. counts.Select(Figures.Count), Figures.Percent(foreseen)];
        })]);

    public static TextTable Slices(Slicing slicing, IReadOnlyList<SliceResult> results) => new(
        slicing.Title,
        ["Slice", "Battles", "Log loss", "95 % interval", "Accuracy", "Minus class shares", "95 % interval,\npaired", "Calibration error"],
        [.. Shown(results).Select(slice => new[]
        {
            slice.Slice, Figures.Count(slice.Rows), Figures.Loss(slice.LogLoss), Figures.Range(slice.LogLossInterval),
            Figures.Percent(slice.Accuracy),
            Signed.Format(slice.Difference, 4), Figures.SignedRange(slice.DifferenceInterval), Figures.Calibration(slice.Calibration),
        })]);

    /// <summary>The slices that have enough rows to be shown.</summary>
    public static IReadOnlyList<SliceResult> Shown(IReadOnlyList<SliceResult> results) =>
        [.. results.Where(slice => slice.Rows >= FewestRows).Take(MostSlices)];

    /// <summary>What <see cref="Slices"/> leaves out; null if nothing.</summary>
    public static string? LeftOut(IReadOnlyList<SliceResult> results)
    {
        var left = results.Except(Shown(results)).ToList();
        return left.Count == 0
            ? null
            : Format($"Not shown: {left.Count} slices with {left.Sum(slice => slice.Rows):N0} battles ")
                + Format($"({string.Join(", ", left.Take(8).Select(slice => slice.Slice))}{(left.Count > 8 ? ", ..." : "")}).");
    }

    public static string Refit(TemperatureRefit refit) => Format(
        $"Another temperature ({refit.Temperature:F3}) would change the log loss by {Signed.Format(-refit.Gain, 4)} (cross-fitted; ")
        + Format($"95 % interval {Signed.Format(-refit.GainInterval.Upper, 4)} to {Signed.Format(-refit.GainInterval.Lower, 4)}).");

    /// <summary>What the loss means for a calibrated judge; null where no calibrated judge has it.</summary>
    public static string? Reading(EvaluationResult result)
    {
        if (Math.Min(result.Shares.A, Math.Min(result.Shares.B, result.Shares.Tie)) < 0.01 || result.LogLoss < 0.05
            || result.LogLoss > DirichletJudge.LossOfShares(result.Shares) - 0.001)
        {
            return null;
        }

        var judge = DirichletJudge.WithLogLoss(result.LogLoss, result.Shares);
        return Format($"A calibrated judge with this log loss would typically foresee {judge.Accuracy:P1} of these verdicts, ")
            + Format($"with a mean confidence of as much; this one foresees {result.Accuracy:P1}.");
    }

    private static string Share(EvaluationResult result, Outcome outcome) =>
        Format($"{result.Shares[outcome]:P1} of battles, predicted {result.MeanPredicted[outcome]:P1}");

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
