using System.Globalization;
using Spectre.Console;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Metrics;

namespace Tiebreak.Cli.Output;

/// <summary>An evaluation as tables: the metrics, the trivial baselines beside them, and slices.</summary>
internal static class EvaluationReport
{
    public static void Show(Session session, string title, EvaluationResult result, IReadOnlyList<Baseline> baselines)
    {
        session.Say($"{title}: {result.Rows:N0} battles, {result.Prompts:N0} prompts");
        session.Show(Metrics(result));
        session.Show(Baselines(baselines));
    }

    public static Table Slices(string name, IReadOnlyList<(string Slice, EvaluationResult Result)> slices)
    {
        var table = NewTable(name, "Battles", "Log loss", "95 % interval", "Accuracy", "Calibration error");
        foreach (var (slice, result) in slices)
        {
            table.AddRow(
                Markup.Escape(slice), Format($"{result.Rows:N0}"), Format($"{result.LogLoss:F4}"), Range(result.LogLossInterval),
                Format($"{result.Accuracy:P1}"), Calibration(result.TopLabelCalibration));
        }

        return table;
    }

    private static Table Metrics(EvaluationResult result)
    {
        var table = NewTable("Metric", "Value", "To compare");
        table.AddRow("Log loss", Format($"{result.LogLoss:F4}"), $"95 % interval {Range(result.LogLossInterval)}");
        table.AddRow("  where A won", Number(result.LogLossByOutcome[Outcome.A]), Share(result, Outcome.A));
        table.AddRow("  where B won", Number(result.LogLossByOutcome[Outcome.B]), Share(result, Outcome.B));
        table.AddRow("  where it was a tie", Number(result.LogLossByOutcome[Outcome.Tie]), Share(result, Outcome.Tie));
        table.AddRow("Accuracy", Format($"{result.Accuracy:P1}"), "");
        table.AddRow("Brier score", Format($"{result.Brier:F4}"), "uniform 0.6667");
        table.AddRow("Calibration error, top", Format($"{result.TopLabelCalibration.Value:F4}"), Band(result.TopLabelCalibration));
        table.AddRow("Calibration error, all", Format($"{result.ClassWiseCalibration.Value:F4}"), Band(result.ClassWiseCalibration));
        return table;
    }

    private static Table Baselines(IReadOnlyList<Baseline> baselines)
    {
        var table = NewTable("Baseline", "Log loss", "Accuracy", "Judge minus baseline", "95 % interval, paired");
        foreach (var baseline in baselines)
        {
            table.AddRow(
                baseline.Name, Format($"{baseline.LogLoss:F4}"), Format($"{baseline.Accuracy:P1}"), Signed.Format(baseline.Difference, 4),
                Format($"{Signed.Format(baseline.DifferenceInterval.Lower, 4)} to {Signed.Format(baseline.DifferenceInterval.Upper, 4)}"));
        }

        return table;
    }

    private static Table NewTable(params string[] columns)
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (var (column, index) in columns.Select((column, index) => (column, index)))
            table.AddColumn(new TableColumn(column) { NoWrap = true, Alignment = index == 0 ? Justify.Left : Justify.Right });
        return table;
    }

    private static string Share(EvaluationResult result, Outcome outcome) =>
        Format($"{result.Shares[outcome]:P1} of battles, predicted {result.MeanPredicted[outcome]:P1}");

    private static string Band(CalibrationError error) =>
        $"chance alone {Range(error.Expected)}{(error.IsBeyondChance ? " (worse)" : "")}";

    private static string Calibration(CalibrationError error) => Format($"{error.Value:F4}{(error.IsBeyondChance ? " (worse than chance)" : "")}");

    private static string Range(Interval interval) => Format($"{interval.Lower:F4} to {interval.Upper:F4}");

    private static string Number(double value) => double.IsFinite(value) ? Format($"{value:F4}") : "none";

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
