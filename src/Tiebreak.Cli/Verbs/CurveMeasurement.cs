using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Tiebreak.Cli.Output;
using Tiebreak.Cli.Recipes;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Files;
using Tiebreak.Core.Json;
using Tiebreak.Data;
using Tiebreak.Reports.Pages;
using Tiebreak.Reports.Plots;

namespace Tiebreak.Cli.Verbs;

/// <summary><c>evaluate --curve</c>: what more training rows would bring.</summary>
internal sealed class CurveMeasurement(Session session)
{
    public required RecipeFile Recipe { get; init; }

    /// <summary>Files of labelled battles.</summary>
    public required IReadOnlyList<string> Data { get; init; }

    /// <summary>Numbers of training rows; empty for the default.</summary>
    public required IReadOnlyList<int> Rows { get; init; }

    /// <summary>How many times a part is held out.</summary>
    public required int Repetitions { get; init; }

    /// <summary>The page to write, or null.</summary>
    public required string? Report { get; init; }

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var curve = new LearningCurve
        {
            Trainer = Session.Judges[Recipe.Recipe.Kind].CreateTrainer(Recipe.Recipe),
            Validation = Recipe.Validation,
            Swap = Recipe.Swap,
            Calibrator = Recipe.Calibrator,
            Rows = Rows,
            Repetitions = Repetitions,
            Seed = session.Seed,
            Placement = session.Placement,
        };
        var set = await BattleLoading.LoadAsync(session, Data, BattlePurpose.Train, cancellationToken);
        var labelled = new LabelledBattles(set.Battles);
        var points = await ProgressDisplay.RunAsync(session, progress => curve.MeasureAsync(labelled, progress, cancellationToken));

        var intro = string.Create(
            CultureInfo.InvariantCulture,
            $"Judges of kind \"{Recipe.Recipe.Kind}\" trained on a part of {labelled.Count:N0} battles and scored on a fifth of the prompts that was held out, {Repetitions} times (seed {session.Seed}).");
        session.Say(intro);
        session.Show(Table(points).ToTerminal());
        if (Report is not null)
        {
            var page = Page(intro, points);
            AtomicFile.Write(Report, stream => stream.Write(Encoding.UTF8.GetBytes(page)));
            session.Say($"Wrote {Report}.");
        }

        session.Emit(ToJson(labelled, points));
        return TiebreakCommand.Ok;
    }

    private static TextTable Table(IReadOnlyList<LearningCurvePoint> points) => new(
        "Learning curve", ["Training rows", "Log loss", "95 % interval", "Accuracy", "Spread", "Minus the last", "95 % interval,\npaired"],
        [.. points.Select(point => new[]
        {
            Figures.Count(point.Rows), Figures.Loss(point.LogLoss), Figures.Range(point.LogLossInterval), Figures.Percent(point.Accuracy), Figures.Loss(point.Spread),
            Signed.Format(point.Difference, 4), Figures.SignedRange(point.DifferenceInterval),
        })]);

    private static string Page(string intro, IReadOnlyList<LearningCurvePoint> points)
    {
        var page = new HtmlPage("Learning curve").Text(intro);
        page.Plot(new LineChart(
            "Log loss against training rows", "training rows, on a logarithmic scale", "log loss on held-out rows",
            [new Series("log loss", [.. points.Select(point => new SeriesPoint(point.Rows, point.LogLoss, point.LogLossInterval.Lower, point.LogLossInterval.Upper))])])
        {
            LogarithmicX = true,
        });
        page.Text("All sizes are scored on the same held-out rows, so differences are surer than the intervals of the single losses suggest: look at the paired ones.");
        page.Plot(new LineChart(
            "Log loss minus that of the most rows", "training rows, on a logarithmic scale", "log loss minus that of the most rows",
            [new Series("difference", [.. points.Select(point => new SeriesPoint(point.Rows, point.Difference, point.DifferenceInterval.Lower, point.DifferenceInterval.Upper))])])
        {
            LogarithmicX = true,
        });
        return page.Table(Table(points).ToPage()).ToHtml();
    }

    private JsonObject ToJson(LabelledBattles labelled, IReadOnlyList<LearningCurvePoint> points) => new()
    {
        ["rows"] = labelled.Count,
        ["prompts"] = labelled.Groups.Max() + 1,
        ["repetitions"] = Repetitions,
        ["seed"] = session.Seed,
        ["curve"] = new JsonArray([.. points.Select(point => new JsonObject
        {
            ["training_rows"] = point.Rows,
            ["log_loss"] = MetricJson.Number(point.LogLoss),
            ["log_loss_ci"] = MetricJson.Range(point.LogLossInterval),
            ["accuracy"] = MetricJson.Number(point.Accuracy),
            ["spread"] = MetricJson.Number(point.Spread),
            ["difference"] = MetricJson.Number(point.Difference),
            ["difference_ci"] = MetricJson.Range(point.DifferenceInterval),
        })]),
    };
}
