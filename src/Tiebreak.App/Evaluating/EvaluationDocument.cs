using System.Text.Json;
using System.Text.Json.Serialization;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Calibration;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Metrics;
using Tiebreak.Data;
using Tiebreak.Reports.Documents;
using Tiebreak.Reports.Pages;
using Tiebreak.Reports.Plots;

namespace Tiebreak.App.Evaluating;

/// <summary>Preferences against what people voted: the metrics, where the loss comes from, and what else a reader must know.</summary>
public sealed class EvaluationDocument : EvaluationMetrics, IDocument
{
    // A slice of fewer rows says more about chance than about the judge; JSON has them all.
    private const int FewestRows = 10;
    private const int MostSlices = 40;
    private const int MostNamed = 8;

    private static readonly (Outcome Outcome, string Name)[] Outcomes =
        [(Outcome.A, "A wins"), (Outcome.B, "B wins"), (Outcome.Tie, "tie")];

    private readonly DetailedEvaluation _evaluation;
    private readonly string _subject;
    private readonly FlipRate? _flips;

    internal EvaluationDocument(string subject, DetailedEvaluation evaluation, FlipRate? flips, IReadOnlyList<RowProblem> problems)
        : base(evaluation.Result, evaluation.Baselines) =>
        (_subject, _evaluation, _flips, Problems) = (subject, evaluation, flips, problems);

    /// <inheritdoc/>
    [JsonIgnore]
    public string Title => $"Evaluation of {Path.GetFileName(Path.TrimEndingDirectorySeparator(_subject))}";

    /// <summary>The names of slicings that terminals show; pages show all.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> ShownFirst { get; init; } = [];

    /// <summary>What else a reader must know, for instance that the judge has seen some of the battles.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>Battles that were not scored, because the file of preferences does not have them; null where a judge was asked.</summary>
    [JsonPropertyOrder(1)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? BattlesWithoutPrediction { get; init; }

    /// <summary>Rows of the file of preferences whose id no battle has; null where a judge was asked.</summary>
    [JsonPropertyOrder(1)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? PredictionsWithoutBattle { get; init; }

    /// <summary>How well the better side is told, ties apart.</summary>
    [JsonPropertyOrder(1)]
    public JsonElement Decisive => JsonSerializer.SerializeToElement(_evaluation.Decisive!, InnerJson.Default.DecisiveResult);

    /// <summary>What looks wrong with the preferences as a whole.</summary>
    [JsonPropertyOrder(1)]
    public JsonElement Alarms => InnerJson.Of(_evaluation.Alarms);

    /// <summary>How well it is foretold that neither response is acceptable; null where that was not measured.</summary>
    [JsonIgnore]
    internal AcceptabilityResult? Acceptability { get; init; }

    /// <summary>The same for machines.</summary>
    [JsonPropertyOrder(1)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? NeitherAcceptable =>
        Acceptability is null ? null : JsonSerializer.SerializeToElement(Acceptability, InnerJson.Default.AcceptabilityResult);

    /// <summary>What another temperature would gain.</summary>
    [JsonPropertyOrder(1)]
    public TemperatureRefit TemperatureRefit => _evaluation.Refit;

    /// <summary>The reliability diagram of each outcome's probability.</summary>
    [JsonPropertyOrder(1)]
    public PerOutcome<IReadOnlyList<ReliabilityBin>> Reliability => PerOutcome.Of(outcome => _evaluation.Reliability[outcome]);

    /// <summary>For each outcome, the share of rows whose predicted probability falls into each twentieth.</summary>
    [JsonPropertyOrder(1)]
    public PerOutcome<IReadOnlyList<double>> Histogram => PerOutcome.Of(outcome => _evaluation.Histogram[outcome]);

    /// <summary>The rows with the highest loss, worst first.</summary>
    [JsonPropertyOrder(1)]
    public IEnumerable<ScoredMiss> Misses => _evaluation.Misses.Select(miss => new ScoredMiss(
        miss.Battle.Id, PerOutcome.Of(miss.Battle.Target!.Value), PerOutcome.Of(miss.Predicted), miss.LogLoss));

    /// <summary>Share of battles whose single-order verdict changes when A and B change places; null where no judge was asked.</summary>
    [JsonPropertyOrder(1)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? FlipRate => _flips?.Verdicts;

    /// <summary>Mean absolute difference of P(A) between the two orders; null where no judge was asked.</summary>
    [JsonPropertyOrder(1)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? FlipMeanShift => _flips?.MeanShift;

    /// <summary>How much more the side gets that is shown first; null where no judge was asked.</summary>
    [JsonPropertyOrder(1)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? PreferenceForFirst => _flips?.PreferenceForFirst;

    /// <summary>Rows that could not be read as they should.</summary>
    [JsonPropertyOrder(1)]
    public IReadOnlyList<RowProblem> Problems { get; }

    /// <summary>The results of every slicing, as <c>by_NAME</c>: the name of each slice, and its metrics.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement> Slices => _evaluation.Slices.ToDictionary(
        slices => $"by_{slices.Slicing.Name.Replace('-', '_')}",
        slices => JsonSerializer.SerializeToElement(
            slices.Results.ToDictionary(slice => slice.Slice, SliceMetrics.Of, StringComparer.Ordinal),
            InnerJson.Default.DictionaryStringSliceMetrics),
        StringComparer.Ordinal);

    /// <inheritdoc/>
    public IEnumerable<Section> Sections() =>
    [
        EvaluationSections.Intro(_subject, _evaluation.Result),
        .. _evaluation.Alarms.Select(alarm => new Paragraph($"Alarm: {alarm.Message}")),
        .. Remarks.Concat(FlipRemark()).Concat(EvaluationSections.WithoutTies(_evaluation)).Select(remark => new Paragraph(remark)),
        EvaluationSections.Metrics(_evaluation.Result, _evaluation.Decisive),
        .. Acceptability is null ? Array.Empty<Section>() : [EvaluationSections.Acceptability(Acceptability)],
        .. EvaluationSections.Reading(_evaluation.Result) is { } reading ? [reading with { On = Medium.Page }] : Array.Empty<Section>(),
        EvaluationSections.Baselines(Baselines),
        new PlotRow(new IntervalChart(
            "Log loss minus that of each baseline", "log loss minus the baseline's: left of zero the judge is better",
            [.. Baselines.Select(baseline => IntervalOf(baseline.Name, baseline.Difference, baseline.DifferenceInterval, digits: 4))])),
        .. Calibration(),
        EvaluationSections.Confusion(_evaluation.Result) with { On = Medium.Page },
        .. _evaluation.Slices.SelectMany(slices => SlicesOf(slices.Slicing, slices.Results)),
        new Heading("Worst misses") { On = Medium.Page },
        new Paragraph("The battles with the highest loss. Votes are noisy: some of these are the judge's errors, some the voters'.")
        {
            On = Medium.Page,
        },
        .. _evaluation.Misses.Select(PanelOf),
    ];

    private IEnumerable<string> FlipRemark() => _flips switch
    {
        null => [],
        { Verdicts: 0, MeanShift: 0 } => ["Order of A and B: this judge is symmetric, no verdict depends on it."],
        { } rate =>
        [
            Invariant($"Order of A and B: exchanging them flips {rate.Verdicts:P1} of single-order verdicts and moves P(A) by ") +
            Invariant($"{rate.MeanShift:F4} on average; the side shown first gets {NumberText.Signed(rate.PreferenceForFirst, 4)} more."),
        ],
    };

    private IEnumerable<Section> Calibration()
    {
        yield return new Heading("Calibration");
        yield return new Paragraph(
            "How often an outcome came true against the probability that the judge gave it, in bins of equal row count with 95 % binomial "
            + "intervals. On the diagonal the judge means what it says.")
        {
            On = Medium.Page,
        };
        yield return new PlotRow([.. Outcomes.Select(outcome => new LineChart(
            $"Reliability: {outcome.Name}", "predicted", "observed",
            [new Series(outcome.Name, [.. _evaluation.Reliability[outcome.Outcome].Select(bin =>
                new SeriesPoint(bin.Predicted, bin.Observed, bin.Interval.Lower, bin.Interval.Upper))])])
        {
            Width = 340,
            Height = 320,
            WithDiagonal = true,
            FirstStyle = (int)outcome.Outcome,
        })]);
        var (top, all) = (_evaluation.Result.TopLabelCalibration, _evaluation.Result.ClassWiseCalibration);
        yield return new Paragraph(
            $"Expected calibration error of the most probable outcome: {NumberText.Loss(top.Value)}; a perfectly calibrated judge with " +
            $"these very preferences would show {NumberText.Range(top.Expected)} on so many rows. Over all three probabilities: " +
            $"{NumberText.Loss(all.Value)}; {NumberText.Range(all.Expected)}.")
        {
            On = Medium.Page,
        };
        yield return EvaluationSections.Refit(_evaluation.Refit);
        yield return new Heading("Probabilities");
        yield return new PlotRow(new ColumnChart(
            "Predicted probabilities", "predicted probability", "share of battles", 0, 1,
            [.. Outcomes.Select(outcome => (outcome.Name, _evaluation.Histogram[outcome.Outcome]))]));
    }

    private IEnumerable<Section> SlicesOf(Slicing slicing, IReadOnlyList<SliceResult> results)
    {
        List<SliceResult> shown = [.. results.Where(slice => slice.Rows >= FewestRows).Take(MostSlices)];
        var on = ShownFirst.Contains(slicing.Name, StringComparer.Ordinal) ? Medium.Any : Medium.Page;
        if (shown.Count > 0 || on is Medium.Any)
            yield return TableOf(slicing, shown) with { On = on };
        var left = results.Except(shown).ToList();
        if (left.Count > 0 && (shown.Count > 0 || on is Medium.Any))
        {
            var names = $"{string.Join(", ", left.Take(MostNamed).Select(slice => slice.Slice))}{(left.Count > MostNamed ? ", ..." : "")}";
            var battles = left.Sum(slice => slice.Rows);
            yield return new Paragraph($"Not shown: {Quantity.Of(left.Count, "slice")} with {Quantity.Of(battles, "battle")} ({names}).")
            {
                On = on,
            };
        }

        if (shown.Count > 1)
        {
            yield return new PlotRow(new IntervalChart(
                $"{slicing.Title}: log loss minus that of the class shares",
                "log loss minus that of the class shares: left of zero the judge is better",
                [.. shown.Select(slice => IntervalOf(slice.Slice, slice.Difference, slice.DifferenceInterval, digits: 3))]));
        }
    }

    private static TextTable TableOf(Slicing slicing, IReadOnlyList<SliceResult> shown) => new(
        slicing.Title,
        ["Slice", "Battles", "Log loss", "95 % interval", "Accuracy", "Minus class shares", "95 % interval,\npaired", "Calibration error"],
        [.. shown.Select(slice => new[]
        {
            slice.Slice, NumberText.Count(slice.Rows), NumberText.Loss(slice.LogLoss), NumberText.Range(slice.LogLossInterval),
            NumberText.Percent(slice.Accuracy), NumberText.Signed(slice.Difference, 4), NumberText.SignedRange(slice.DifferenceInterval),
            NumberText.Calibration(slice.Calibration),
        })])
    {
        CanBeNarrowed = true,
    };

    private static (string, double, double, double, string) IntervalOf(string name, double value, Interval interval, int digits) =>
        (name, value, interval.Lower, interval.Upper, NumberText.Signed(value, digits));

    private static BattleSection PanelOf(Miss miss)
    {
        var (top, said) = (miss.Battle.Target!.Value.Top, miss.Predicted);
        var heading = Invariant(
            $"{miss.Battle.Id}: people said {(top is Outcome.Tie ? "tie" : top)}, the judge A {said.A:P1}, B {said.B:P1}, ") +
            Invariant($"tie {said.Tie:P1}; loss {miss.LogLoss:F3}");
        return new BattleSection(new BattlePanel(
            miss.Battle, heading, Caption("A", miss.Battle.ModelA, top is Outcome.A), Caption("B", miss.Battle.ModelB, top is Outcome.B)));
    }

    private static string Caption(string side, string? model, bool won) =>
        $"{side}{(model is null ? "" : $": {model}")}{(won ? ", preferred" : "")}";
}

/// <summary>A row with a high loss.</summary>
/// <param name="Id">The battle.</param>
/// <param name="Target">What people said.</param>
/// <param name="Predicted">What the judge said.</param>
/// <param name="LogLoss">The loss of this row.</param>
public sealed record ScoredMiss(string Id, PerOutcome<double> Target, PerOutcome<double> Predicted, double LogLoss);

/// <summary>The metrics of one slice as JSON has them; see <see cref="SliceResult"/>.</summary>
internal sealed record SliceMetrics(
    int Rows,
    int Prompts,
    double LogLoss,
    [property: JsonPropertyName("log_loss_ci")] Interval LogLossInterval,
    double Accuracy,
    [property: JsonPropertyName("ece")] double Calibration,
    [property: JsonPropertyName("ece_expected")] Interval CalibrationExpected,
    double Difference,
    [property: JsonPropertyName("difference_ci")] Interval DifferenceInterval)
{
    public static SliceMetrics Of(SliceResult slice) => new(
        slice.Rows, slice.Prompts, slice.LogLoss, slice.LogLossInterval, slice.Accuracy, slice.Calibration.Value,
        slice.Calibration.Expected, slice.Difference, slice.DifferenceInterval);
}
