using Tiebreak.Reports.Documents;
using Tiebreak.Reports.Plots;

namespace Tiebreak.App.Training;

/// <summary>Draws the curves of a training.</summary>
internal static class CurveSections
{
    private const double SmallWidth = 420;
    private const double SmallHeight = 260;

    /// <summary>Plots of the curves and a table of them; nothing where no step was taken.</summary>
    public static IEnumerable<Section> Of(IReadOnlyList<TrainingCurve> curves)
    {
        if (curves.Count == 0)
            yield break;
        yield return new Heading("The course of the training") { On = Medium.Page };
        yield return new PlotRow([.. Plots(curves).Select(named => named.Plot)]);
        yield return new TextTable(
            "Log loss of each run, step by step",
            ["Run", "Steps", "From", "To", "Course", "Lowest on\nnew battles", "Last on\nnew battles", "Tokens/s"],
            [.. curves.Select(RowOf)])
        {
            CanBeNarrowed = true,
        };
    }

    /// <summary>A plot of the losses of each run, and of the learning rate and the speed of the last one.</summary>
    public static IReadOnlyList<(string Name, IPlot Plot)> Plots(IReadOnlyList<TrainingCurve> curves) => curves.Count == 0 ? [] :
    [
        .. curves.Select(curve => ($"loss-{NameOfFile(curve.Run)}", Losses(curve))),
        ("learning-rate", Small(
            $"Learning rate, {curves[^1].Run}", "learning rate",
            [Line("learning rate", curves[^1], point => point.LearningRate)])),
        ("tokens-per-second", Small(
            $"Speed, {curves[^1].Run}", "tokens/s",
            [Line("tokens/s", curves[^1], point => point.TokensPerSecond)])),
    ];

    private static IPlot Losses(TrainingCurve curve) => Small(
        $"Log loss, {curve.Run}", "log loss",
        [
            Line("learned from", curve, point => point.LogLoss),
            new Series(
                "new battles",
                [
                    .. curve.Evaluations.Where(evaluated => double.IsFinite(evaluated.LogLoss))
                        .Select(evaluated => new SeriesPoint(evaluated.Step, evaluated.LogLoss)),
                ]),
        ]);

    private static Series Line(string name, TrainingCurve curve, Func<TrainingCurvePoint, double> value) =>
        new(name, [.. curve.Points.Select(point => new SeriesPoint(point.Step, value(point))).Where(point => double.IsFinite(point.Y))])
        {
            HasMarks = false,
        };

    private static IPlot Small(string title, string yLabel, IReadOnlyList<Series> series) =>
        new LineChart(title, "step", yLabel, series) { Width = SmallWidth, Height = SmallHeight };

    private static string[] RowOf(TrainingCurve curve)
    {
        double[] losses = [.. curve.Points.Select(point => point.LogLoss)];
        double[] onNew = [.. curve.Evaluations.Select(step => step.LogLoss)];
        return
        [
            curve.Run, NumberText.Count(curve.Steps), NumberText.Loss(losses.FirstOrDefault(double.NaN)),
            NumberText.Loss(losses.LastOrDefault(double.NaN)), Sparkline.Of(losses),
            NumberText.Loss(onNew.Length > 0 ? onNew.Min() : double.NaN), NumberText.Loss(onNew.LastOrDefault(double.NaN)),
            curve.Points is [.., var last] ? NumberText.Of(last.TokensPerSecond, "N0") : "",
        ];
    }

    private static string NameOfFile(string run) => string.Concat(run.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-'));
}
