using System.Text.Json;
using System.Text.Json.Serialization;
using Tiebreak.App.Auditing;
using Tiebreak.App.Evaluating;
using Tiebreak.Core;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Metrics;
using Tiebreak.Data.Agreement;
using Tiebreak.Reports.Documents;
using Tiebreak.Reports.Plots;

namespace Tiebreak.App.Validating;

/// <summary>Whether a judge agrees with people, in a form that survives scrutiny, and what it can be used for.</summary>
public sealed class ValidationDocument : IDocument
{
    private const int MostSlices = 30;

    private readonly string _subject;
    private readonly LabelledBattles _labelled;
    private readonly PeopleBeside? _people;
    private readonly AnnotatorAgreement _annotators;
    private readonly IReadOnlyList<SliceAgreement> _slices;
    private readonly LabelsNeeded _labels;
    private readonly IReadOnlyList<PredictionAlarm> _alarms;
    private readonly IReadOnlyList<string> _remarks;

    private ValidationDocument(
        string subject, JudgeAnswers answers, LabelledBattles labelled, IReadOnlyList<MeasureRequirement> requirements, JobContext context,
        CancellationToken cancellationToken)
    {
        var (seed, threads) = (context.Seed, context.Threads);
        var measures = new JudgeMeasures(answers, labelled, seed, threads);
        var items = new AnnotatedItems(labelled.Battles, labelled.Groups);
        var (agrees, most) = (measures.Agrees, measures.People.CountBy(outcome => outcome).MaxBy(count => count.Value).Key);
        (_subject, _labelled, _remarks) = (subject, labelled, answers.Remarks);
        Abstention = answers.Abstention;
        Measures = measures.All();
        _alarms = PredictionAlarms.Find(answers.Answers, labelled, answers.AreProbabilities);
        Requirements = [.. requirements.Select(requirement => requirement.Check(Measures))];
        _annotators = AnnotatorAgreement.Of(items, seed, threads);
        _people = PeopleBeside.Of(items, [.. answers.Answers.Select(said => said.Top)], seed, threads);
        _slices = SliceAgreement.Of(
            new SliceChoice().Cut(labelled.Battles, context, cancellationToken), agrees, labelled.Groups, seed, threads);
        var agreement = Measures[0].Interval;
        _labels = new LabelsNeeded(labelled.Count, (agreement.Upper - agreement.Lower) / 2);
        var beyondConstant = ClusterBootstrap.OfMean(
            [.. agrees.Select((agreed, i) => agreed - (measures.People[i] == most ? 1 : 0))], labelled.Groups, seed, threads: threads);
        Conclusions = new ValidationConclusions(
            Measures, _people, beyondConstant, _slices, _alarms, measures.IsMiscalibrated, _labels).Sentences();
    }

    /// <inheritdoc/>
    [JsonIgnore]
    public string Title => $"Validation of {Path.GetFileName(Path.TrimEndingDirectorySeparator(_subject))}";

    /// <summary>Labelled battles.</summary>
    public int Battles => _labelled.Count;

    /// <summary>What became of the judge's rule of abstention on these battles; null for a judge that answers everything.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Abstention { get; }

    /// <summary>Different prompts among them.</summary>
    public int Prompts => _labelled.Groups.Max() + 1;

    /// <summary>What the judge can be used for, what not, and why.</summary>
    public IReadOnlyList<string> Conclusions { get; }

    /// <summary>What was asked of the judge, and whether it reaches that.</summary>
    public IReadOnlyList<RequirementResult> Requirements { get; }

    /// <summary>The measures, in the order of the report.</summary>
    public IReadOnlyList<ValidationMeasure> Measures { get; }

    /// <summary>What looks wrong with the answers as a whole.</summary>
    public JsonElement Alarms => InnerJson.Of(_alarms);

    /// <summary>Labelled battles that would make the agreement known to five percentage points either way.</summary>
    public int LabelsForFivePoints => _labels.ForFivePoints;

    /// <summary>The agreement that people reach among each other, and the judge's beside it; null where no battle has two votes.</summary>
    public JsonElement? BesidePeople =>
        _people is null ? null : JsonSerializer.SerializeToElement(_people, InnerJson.Default.PeopleBeside);

    /// <summary>How far annotators agree.</summary>
    public JsonElement Annotators => JsonSerializer.SerializeToElement(_annotators, InnerJson.Default.AnnotatorAgreement);

    /// <summary>Parts of the battles against all others, worst first.</summary>
    public JsonElement Slices => JsonSerializer.SerializeToElement(_slices, InnerJson.Default.IReadOnlyListSliceAgreement);

    /// <summary>Measures a judge's answers.</summary>
    /// <exception cref="InputException">A battle has no label, or a requirement names what was not measured.</exception>
    internal static ValidationDocument Create(
        string subject, JudgeAnswers answers, IReadOnlyList<MeasureRequirement> requirements, JobContext context,
        CancellationToken cancellationToken) =>
        new(subject, answers, new LabelledBattles(answers.Battles), requirements, context, cancellationToken);

    /// <inheritdoc/>
    public IEnumerable<Section> Sections() =>
    [
        new Paragraph($"{_subject}: {Quantity.Of(Battles, "labelled battle")} about {Quantity.Of(Prompts, "different opening prompt")}. "
            + "Intervals are bootstrapped over prompts."),
        .. _alarms.Select(alarm => new Paragraph($"Alarm: {alarm.Message}")),
        .. _remarks.Select(remark => new Paragraph(remark)),
        new Heading("In short") { On = Medium.Page },
        .. Conclusions.Select(sentence => new Paragraph(sentence) { On = Medium.Page }),
        MeasuresTable(),
        new PlotRow(new IntervalChart(
            "Agreement with people", "1 is full agreement, 0 is chance (for the share of equal verdicts: none)",
            [.. Measures.Where(measure => measure is { Better: MeasureDirection.Higher, IsMeasured: true }).Select(measure =>
                (measure.Title, measure.Value, measure.Interval.Lower, measure.Interval.Upper, NumberText.Of(measure.Value, "F3")))])),
        .. BesidePeopleSections(),
        .. SliceSections(),
        .. Requirements.Count == 0 ? Array.Empty<Section>() : [RequirementsTable()],
        .. Conclusions.Select(sentence => new Paragraph(sentence) { On = Medium.Terminal }),
    ];

    private TextTable MeasuresTable() => new(
        "Measures", ["Measure", "Value", "95 % interval", "Battles", "To compare"],
        [.. Measures.Select(measure => new[]
        {
            measure.Title,
            measure.IsMeasured ? NumberText.Of(measure.Value, "F3") : "not measured",
            double.IsNaN(measure.Interval.Lower) ? ""
                : measure.Better is MeasureDirection.NearZero ? NumberText.SignedRange(measure.Interval, 3)
                : NumberText.Range(measure.Interval, 3),
            measure.IsMeasured ? NumberText.Count(measure.Battles) : "",
            measure.Remark,
        })])
    {
        ProseColumns = new HashSet<int> { 4 },
    };

    private IEnumerable<Section> BesidePeopleSections()
    {
        yield return new Heading("Beside people") { On = Medium.Page };
        if (_people is null)
        {
            yield return new Paragraph("No battle has votes of two people, so nobody knows how far people agree with each other, which is "
                + "the most that can be asked of a judge. Have a hundred battles labelled twice.");
            yield break;
        }

        yield return new TextTable(
            $"On {Quantity.Of(_people.Battles, "battle")} with {Quantity.Of(_people.Votes, "vote")} of several people",
            ["Who agrees", "Agreement", "95 % interval", "Kappa", "95 % interval"],
            [
                [
                    "a person with another", NumberText.Percent(_people.People), NumberText.PercentRange(_people.PeopleInterval),
                    NumberText.Of(_people.PeopleKappa, "F3"), NumberText.Range(_people.PeopleKappaInterval, 3),
                ],
                [
                    "the judge with a person", NumberText.Percent(_people.Judge), NumberText.PercentRange(_people.JudgeInterval),
                    NumberText.Of(_people.JudgeKappa, "F3"), NumberText.Range(_people.JudgeKappaInterval, 3),
                ],
                [
                    "difference, in points", NumberText.Signed(100 * _people.Difference, 1),
                    NumberText.SignedRange(new Interval(100 * _people.DifferenceInterval.Lower, 100 * _people.DifferenceInterval.Upper), 1),
                    "", "",
                ],
            ]);
        foreach (var section in AgreementSections.Of(_annotators))
            yield return section;
    }

    private IEnumerable<Section> SliceSections()
    {
        var failing = _slices.Where(slice => slice.Fails).ToList();
        yield return new Heading("Where it fails") { On = Medium.Page };
        if (_slices.Count > 0)
        {
            yield return new PlotRow(new IntervalChart(
                "Agreement on a part of the battles minus that on all others", "points; left of zero the judge agrees less than elsewhere",
                [.. _slices.Take(MostSlices).Select(slice => (
                    slice.Slice, 100 * slice.Difference, 100 * slice.DifferenceInterval.Lower,
                    100 * slice.DifferenceInterval.Upper, NumberText.Signed(100 * slice.Difference, 1)))]));
        }

        yield return failing.Count == 0
            ? new Paragraph($"On none of {Quantity.Of(_slices.Count, "slice")} with 20 battles or more does it certainly agree less than "
                + "elsewhere.")
            : new TextTable(
                "Where it agrees less than elsewhere", ["Slice", "Battles", "Agreement", "Minus elsewhere", "Interval"],
                [.. failing.Take(MostSlices).Select(slice => new[]
                {
                    $"{slice.Slicing}: {slice.Slice}", NumberText.Count(slice.Battles), NumberText.Percent(slice.Agreement),
                    NumberText.Signed(slice.Difference, 3), NumberText.SignedRange(slice.DifferenceInterval, 3),
                })]);
    }

    private TextTable RequirementsTable() => new(
        "Requirements", ["Measure", "Required", "Found", "Met"],
        [.. Requirements.Select(requirement => new[]
        {
            requirement.Name, NumberText.Of(requirement.Limit, "G6"), NumberText.Of(requirement.Value, "F3"),
            requirement.Met ? "yes" : "no",
        })]);
}
