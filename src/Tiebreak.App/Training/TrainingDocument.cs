using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Tiebreak.App.Evaluating;
using Tiebreak.App.Recipes;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Calibration;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Metrics;
using Tiebreak.Reports.Documents;

namespace Tiebreak.App.Training;

/// <summary>What a training found out about its judge, and where the judge is.</summary>
public sealed class TrainingDocument : IDocument
{
    private const int GroupsShown = 10;

    private readonly RecipeFile _recipe;
    private readonly int _ofTarget;
    private readonly int _battles;
    private readonly string? _outOfFold;

    internal TrainingDocument(TrainingOutcome outcome, RecipeFile recipe, string folder, int ofTarget, int battles, string? outOfFold)
    {
        (Outcome, _recipe, Bundle) = (outcome, recipe, folder);
        (_ofTarget, _battles, _outOfFold) = (ofTarget, battles, outOfFold);
    }

    /// <inheritdoc/>
    [JsonIgnore]
    public string Title => $"Training of {Path.GetFileName(Path.TrimEndingDirectorySeparator(Bundle))}";

    /// <summary>Everything that the training has to say.</summary>
    [JsonIgnore]
    public TrainingOutcome Outcome { get; }

    /// <summary>Folder of the bundle.</summary>
    public string Bundle { get; }

    /// <summary>The temperature that fits the preferences best.</summary>
    public double Temperature => Outcome.Manifest.Temperature;

    /// <summary>The metrics, out of fold or on the hold-out, as the bundle has them.</summary>
    public JsonObject Validation => Outcome.Manifest.Validation;

    /// <summary>What the kind's trainer found out besides the judge, as the bundle has it.</summary>
    public JsonObject? Training => Outcome.Manifest.Training;

    /// <summary>The course of each run, where weights learn step by step; empty for other kinds.</summary>
    public IReadOnlyList<TrainingCurve> Curves { get; internal init; } = [];

    /// <summary>The folder of the curves' pictures; null where there are none.</summary>
    public string? CurvesFolder { get; internal init; }

    /// <inheritdoc/>
    public IEnumerable<Section> Sections()
    {
        var target = Outcome.Target;
        var holdout = Outcome.Manifest.Holdout;
        if (_ofTarget < _battles)
        {
            yield return new Paragraph(
                Invariant($"The judge is for the source \"{BattleSource.Of(target.Battles[0])}\" ({_ofTarget:N0} of {_battles:N0} ") +
                "battles): only these are scored.");
        }

        if (holdout is { LeftOut: > 0 })
        {
            yield return new Paragraph(
                Quantity.Of(holdout.LeftOut, "battle of another source is", "battles of other sources are")
                    + " about prompts that are held out, and not trained on.");
        }

        var title = holdout is null
            ? Invariant($"Out of fold ({Outcome.Manifest.Folds} prompt-grouped folds)")
            : Invariant($"Hold-out ({Quantity.Of(holdout.Battles, "battle")} of {Quantity.Of(holdout.Prompts, "prompt")})");
        yield return EvaluationSections.Intro(title, Outcome.Result);
        yield return EvaluationSections.Metrics(Outcome.Result);
        yield return EvaluationSections.Baselines(Outcome.Baselines);
        foreach (var section in Training?.Deserialize(InnerJson.Default.TrainingReport) is { } report ? SectionsOf(report) : [])
            yield return section;
        foreach (var section in CurveSections.Of(Curves))
            yield return section;
        yield return new TextTable(
            holdout is null
                ? "Calibration, out of fold (each fold by the others)"
                : "Calibration on the hold-out (each fold of it by the others)",
            ["Method", "Log loss", "Difference", "95 % interval,\npaired"],
            [.. Outcome.Calibrations.Select(RowOf)]);
        yield return EvaluationSections.Refit(Outcome.Refit);
        yield return new Paragraph($"Saved the judge in {Bundle} ({CalibrationText()}).");
        if (CurvesFolder is not null)
            yield return new Paragraph($"Drew the course of the training in {CurvesFolder}.");
        if (_outOfFold is not null)
        {
            yield return new Paragraph(holdout is null
                ? $"Wrote {_outOfFold}: out-of-fold preferences of {Quantity.Of(Outcome.OutOfFold.Count, "battle")}."
                : $"Wrote {_outOfFold}: preferences of the {Quantity.Of(holdout.Battles, "battle")} held out, and of no others.");
        }
    }

    private static IEnumerable<Section> SectionsOf(TrainingReport report)
    {
        if (report.Scale is { } scale)
        {
            var tie = report.TieParameter is { } parameter ? Invariant($", tie parameter {parameter:F3}") : "";
            var bias = report.Bias is { } values
                ? $", bias {string.Join(", ", values.Select(value => value.ToString("F2", CultureInfo.InvariantCulture)))} (A, B, tie)"
                : "";
            yield return new Paragraph(Invariant($"Fitted on the votes: scale {scale:G3}{tie}{bias}."));
        }

        if (report.Tuning is { } tuning)
        {
            yield return new Paragraph($"Tuned in {Quantity.Of(tuning.Steps, "step")}; log loss before calibration at each evaluation: "
                + $"{string.Join(", ", tuning.Evaluations.Select(loss => NumberText.Loss(loss)))}.");
        }

        if (report.ChatTemplate is "vocabulary")
        {
            yield return new Paragraph("No chat template was used: battles are written with the turn markers of the tokenizer's "
                + "vocabulary, which may differ from what the model was trained with.");
        }

        if (report.GroupImportances is { } importances)
        {
            yield return new TextTable(
                "What the trees used most", ["Group of features", "Share of the gain"],
                [.. importances.Take(GroupsShown).Select(group => new[] { group.Key, NumberText.Percent(group.Value) })]);
        }

        if (report.Sources is { } sources)
        {
            yield return new TextTable(
                "Sources, and what each does to the target's log loss (chosen on the target's folds)",
                ["Source", "Rows", "Weight", "Gain", "95 % interval,\npaired"],
                [.. sources.Select(source => new[]
                {
                    source.Source, NumberText.Count(source.Rows),
                    source.Target ? "target" : source.Weight?.ToString("0.##", CultureInfo.InvariantCulture) ?? "",
                    source.Gain is { } gain ? NumberText.Signed(gain, 4) : "",
                    source.GainInterval is { } interval ? NumberText.SignedRange(interval) : "",
                })]);
        }

        if (report.NeitherAcceptable is { } neither)
            yield return EvaluationSections.Acceptability(neither);

        if (report.Teachers is { } teachers)
        {
            var files = teachers.Select(file => $"{file.File} ({Quantity.Of(file.Rows, "row")})");
            yield return new Paragraph($"Learned also from what other judges said: {string.Join(", ", files)}.");
        }

        if (report.Weights is { } weights)
        {
            yield return new Paragraph(
                Invariant($"Battles counted {weights.Least:G3} to {weights.Most:G3} ({weights.File}), which is as sure as ") +
                Invariant($"{weights.EffectiveBattles:N0} that count the same. The log loss with these weights is {weights.LogLoss:F4}; ") +
                "all other numbers here count every battle once.");
        }

        if (report.Ablation is { } ablation)
        {
            yield return new TextTable(
                "Without a group of features (out of fold, before calibration)", ["Left out", "Log loss", "Difference"],
                [.. ablation.Select(row => new[] { row.Without, NumberText.Loss(row.LogLoss), NumberText.Signed(row.Difference, 4) })]);
        }
    }

    private static string[] RowOf(CalibrationComparison comparison) =>
    [
        Name(comparison.Calibrator) + (comparison.IsChosen ? " (chosen; against none)" : ""), NumberText.Loss(comparison.LogLoss),
        NumberText.Signed(-comparison.Gain, 4),
        NumberText.SignedRange(new Interval(-comparison.GainInterval.Upper, -comparison.GainInterval.Lower)),
    ];

    private string CalibrationText()
    {
        var calibrator = _recipe.Calibrator;
        return calibrator is { Method: CalibrationMethod.Temperature }
            ? Invariant($"temperature {Temperature:F3}{(calibrator.WithPostRules ? ", post-rules" : "")}")
            : $"calibration {Name(calibrator)}";
    }

    private static string Name(Calibrator calibrator) =>
        JsonNamingPolicy.SnakeCaseLower.ConvertName(calibrator.Method.ToString()) + (calibrator.WithPostRules ? " + post_rules" : "");
}
