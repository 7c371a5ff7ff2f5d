using System.Text.Json.Serialization;
using Tiebreak.App.Recipes;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Metrics;
using Tiebreak.Data;
using Tiebreak.Reports.Documents;
using Tiebreak.Reports.Plots;

namespace Tiebreak.App.Evaluating;

/// <summary>Trains a recipe on more and more rows, and measures how the loss on held-out rows falls.</summary>
public sealed record MeasureLearningCurve
{
    /// <summary>How to train.</summary>
    public required RecipeFile Recipe { get; init; }

    /// <summary>Files of labelled battles.</summary>
    public required IReadOnlyList<string> Data { get; init; }

    /// <summary>A file with pooled states of the battles; null for none.</summary>
    public string? States { get; init; }

    /// <summary>A file with numbers of the battles by id; null for none. The recipe's feature group numbers must be on.</summary>
    public string? Numbers { get; init; }

    /// <summary>Numbers of training rows; empty for all that are not held out, and halves of it.</summary>
    public IReadOnlyList<int> Rows { get; init; } = [];

    /// <summary>How many times a part is held out.</summary>
    public int Repetitions { get; init; } = 5;

    /// <summary>Measures.</summary>
    /// <exception cref="Core.InputException">The recipe or the data cannot be used.</exception>
    public async Task<LearningCurveDocument> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var curve = new LearningCurve
        {
            Trainer = context.Judges[Recipe.Recipe.Kind].CreateTrainer(Recipe.Recipe),
            Validation = Recipe.Validation,
            Swap = Recipe.Swap,
            Calibrator = Recipe.Calibrator,
            Rows = Rows,
            Repetitions = Repetitions,
            Seed = context.Seed,
            Placement = context.Placement,
        };
        context = context.ReadingAs(Recipe.Mapping);
        var set = await BattleFiles.LoadAsync(context, Data, BattlePurpose.Train, cancellationToken, States).ConfigureAwait(false);
        set = NumbersInput.Learn(context, set, Numbers, cancellationToken);
        var labelled = new LabelledBattles(set.Battles);
        return new LearningCurveDocument(
            Recipe.Recipe.Kind, labelled.Count, labelled.Groups.Max() + 1, Repetitions, context.Seed,
            await curve.MeasureAsync(labelled, context.Progress, cancellationToken).ConfigureAwait(false));
    }
}

/// <summary>What more training rows bring.</summary>
/// <param name="Kind">The judge kind.</param>
/// <param name="Rows">Battles there are.</param>
/// <param name="Prompts">Different prompts among them.</param>
/// <param name="Repetitions">How many times a part was held out.</param>
/// <param name="Seed">Every random choice follows from it.</param>
/// <param name="Curve">The measurements, fewest rows first.</param>
public sealed record LearningCurveDocument(
    [property: JsonIgnore] string Kind, int Rows, int Prompts, int Repetitions, ulong Seed, IReadOnlyList<LearningCurvePoint> Curve)
    : IDocument
{
    /// <inheritdoc/>
    [JsonIgnore]
    public string Title => "Learning curve";

    /// <inheritdoc/>
    public IEnumerable<Section> Sections() =>
    [
        new Paragraph(
            Invariant(
                $"Judges of kind \"{Kind}\" trained on a part of {Rows:N0} battles and scored on a fifth of the prompts that was held ") +
            Invariant($"out, {Repetitions} times (seed {Seed}).")),
        new PlotRow(Chart("Log loss against training rows", "log loss on held-out rows", "log loss",
            point => (point.LogLoss, point.LogLossInterval))),
        new Paragraph(
            "All sizes are scored on the same held-out rows, so differences are surer than the intervals of the single losses suggest: " +
            "look at the paired ones.") { On = Medium.Page },
        new PlotRow(Chart("Log loss minus that of the most rows", "log loss minus that of the most rows", "difference",
            point => (point.Difference, point.DifferenceInterval))),
        new TextTable(
            "Learning curve",
            ["Training rows", "Log loss", "95 % interval", "Accuracy", "Spread", "Minus the last", "95 % interval,\npaired"],
            [.. Curve.Select(point => new[]
            {
                NumberText.Count(point.Rows), NumberText.Loss(point.LogLoss), NumberText.Range(point.LogLossInterval),
                NumberText.Percent(point.Accuracy), NumberText.Loss(point.Spread), NumberText.Signed(point.Difference, 4),
                NumberText.SignedRange(point.DifferenceInterval),
            })]),
    ];

    private LineChart Chart(string title, string yLabel, string name, Func<LearningCurvePoint, (double Value, Interval Interval)> of) =>
        new(title, "training rows, on a logarithmic scale", yLabel, [new Series(name, [.. Curve.Select(point =>
        {
            var (value, interval) = of(point);
            return new SeriesPoint(point.Rows, value, interval.Lower, interval.Upper);
        })])])
        {
            LogarithmicX = true,
        };
}
