using System.Globalization;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Reports.Pages;
using Tiebreak.Reports.Plots;

namespace Tiebreak.Cli.Output;

/// <summary>An evaluation as one HTML file.</summary>
internal static class EvaluationPage
{
    private static readonly (Outcome Outcome, string Name)[] Outcomes =
    [
        (Outcome.A, "A wins"), (Outcome.B, "B wins"), (Outcome.Tie, "tie"),
    ];

    /// <param name="subject">What was evaluated.</param>
    /// <param name="remarks">What else the reader must know, for instance that the judge has seen some of the battles.</param>
    /// <param name="evaluation">The numbers.</param>
    public static string Create(string subject, IReadOnlyList<string> remarks, DetailedEvaluation evaluation)
    {
        var result = evaluation.Result;
        var page = new HtmlPage($"Evaluation of {subject}");
        page.Text(
            Format($"{result.Rows:N0} battles about {result.Prompts:N0} different opening prompts. ")
            + Format($"Log loss {result.LogLoss:F4}, 95 % interval {Figures.Range(result.LogLossInterval)}; ")
            + Format($"accuracy {result.Accuracy:P1}. Intervals are bootstrapped over prompts."));
        foreach (var remark in remarks)
            page.Text(remark);
        Add(page, EvaluationTables.Metrics(result));
        if (EvaluationTables.Reading(result) is { } reading)
            page.Text(reading);

        Add(page, EvaluationTables.Baselines(evaluation.Baselines));
        page.Plot(new IntervalChart(
            "Log loss minus that of each baseline", "log loss minus the baseline's: left of zero the judge is better",
            [.. evaluation.Baselines.Select(baseline => (baseline.Name, baseline.Difference, baseline.DifferenceInterval.Lower,
                baseline.DifferenceInterval.Upper, Signed.Format(baseline.Difference, 4)))]));

        AddCalibration(page, evaluation);
        Add(page, EvaluationTables.Confusion(result));
        foreach (var (slicing, results) in evaluation.Slices)
            AddSlices(page, slicing, results);
        AddMisses(page, evaluation.Misses);
        return page.ToHtml();
    }

    private static void AddCalibration(HtmlPage page, DetailedEvaluation evaluation)
    {
        page.Section("Calibration").Text("How often an outcome came true against the probability that the judge gave it, in bins of equal "
            + "row count with 95 % binomial intervals. On the diagonal the judge means what it says.");
        page.Plots(Outcomes.Select(outcome => new LineChart(
            $"Reliability: {outcome.Name}", "predicted", "observed",
            [new Series(outcome.Name, [.. evaluation.Reliability[outcome.Outcome].Select(bin =>
                new SeriesPoint(bin.Predicted, bin.Observed, bin.Interval.Lower, bin.Interval.Upper))])])
        {
            Width = 340,
            Height = 320,
            WithDiagonal = true,
            FirstStyle = (int)outcome.Outcome,
        }));
        var (top, all) = (evaluation.Result.TopLabelCalibration, evaluation.Result.ClassWiseCalibration);
        page.Text(
            $"Expected calibration error of the most probable outcome: {Figures.Loss(top.Value)}; "
            + $"a perfectly calibrated judge with these very preferences would show {Figures.Range(top.Expected)} on so many rows. "
            + $"Over all three probabilities: {Figures.Loss(all.Value)}; {Figures.Range(all.Expected)}.");
        page.Text(EvaluationTables.Refit(evaluation.Refit));
        page.Section("Probabilities").Plot(new ColumnChart(
            "Predicted probabilities", "predicted probability", "share of battles", 0, 1,
            [.. Outcomes.Select(outcome => (outcome.Name, evaluation.Histogram[outcome.Outcome]))]));
    }

    private static void AddSlices(HtmlPage page, Slicing slicing, IReadOnlyList<SliceResult> results)
    {
        var shown = EvaluationTables.Shown(results);
        if (shown.Count == 0)
            return;

        Add(page, EvaluationTables.Slices(slicing, results));
        if (EvaluationTables.LeftOut(results) is { } leftOut)
            page.Text(leftOut);
        if (shown.Count > 1)
        {
            page.Plot(new IntervalChart(
                $"{slicing.Title}: log loss minus that of the class shares",
                "log loss minus that of the class shares: left of zero the judge is better",
                [.. shown.Select(slice => (slice.Slice, slice.Difference, slice.DifferenceInterval.Lower, slice.DifferenceInterval.Upper,
                    Signed.Format(slice.Difference, 3)))]));
        }
    }

    private static void AddMisses(HtmlPage page, IReadOnlyList<Miss> misses)
    {
        page.Section("Worst misses").Text(
            "The battles with the highest loss. Votes are noisy: some of these are the judge's errors, some the voters'.");
        foreach (var miss in misses)
        {
            var (target, said) = (miss.Battle.Target!.Value, miss.Predicted);
            page.Battle(new BattlePanel(
                miss.Battle,
                Format($"{miss.Battle.Id}: people said {Name(target.Top)}, the judge A {said.A:P1}, B {said.B:P1}, tie {said.Tie:P1}; ")
                    + Format($"loss {miss.LogLoss:F3}"),
                Caption("A", miss.Battle.ModelA, target.Top == Outcome.A),
                Caption("B", miss.Battle.ModelB, target.Top == Outcome.B)));
        }
    }

    private static string Caption(string side, string? model, bool won) =>
        $"{side}{(model is null ? "" : $": {model}")}{(won ? ", preferred" : "")}";

    private static string Name(Outcome outcome) => outcome is Outcome.Tie ? "tie" : outcome.ToString();

    private static void Add(HtmlPage page, TextTable table) => page.Section(table.Title).Table(table.ToPage());

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
