using Tiebreak.Core;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Metrics;
using Tiebreak.Reports.Documents;

namespace Tiebreak.App.Validating;

/// <summary>Two or three sentences that say what a judge can be used for, what not, and why.</summary>
internal sealed class ValidationConclusions(
    IReadOnlyList<ValidationMeasure> measures,
    PeopleBeside? people,
    Interval beyondConstant,
    IReadOnlyList<SliceAgreement> slices,
    IReadOnlyList<PredictionAlarm> alarms,
    bool isMiscalibrated,
    LabelsNeeded labels)
{
    private const double SingleVerdicts = 0.8; // of the verdicts between A and B
    private const double MostBelowPeople = 0.1; // with few battles an interval reaches 0 whatever the judge is worth
    private const double ManyFlips = 0.1;
    private const int MostSlices = 3;

    /// <summary>The sentences.</summary>
    public IReadOnlyList<string> Sentences() => [Use(), .. Cautions(), labels.Sentence];

    private string Use()
    {
        var (agreement, kappa, decisive) = (Get(MeasureNames.Agreement), Get(MeasureNames.Kappa), Get(MeasureNames.Decisive));
        var (share, chance) = (NumberText.Percent(agreement.Value), NumberText.Of(kappa.Value, "F2"));
        var said = $"it agrees with people in {share} of the battles, kappa {chance}";
        if (alarms.FirstOrDefault(alarm => alarm.IsAboutVerdicts) is { } alarm)
            return $"Not usable as it stands: {alarm.Message}";
        if (!(kappa.Interval.Lower > 0))
            return $"Not usable: {said}, which cannot be told from chance.";
        if (people is not null && people.DifferenceInterval is { Upper: >= 0, Lower: > -MostBelowPeople })
        {
            return $"Usable in the place of one more annotator: on battles with several votes it agrees with a person in "
                + $"{NumberText.Percent(people.Judge)}, as people agree with each other ({NumberText.Percent(people.People)}).";
        }

        if (decisive.Interval.Lower >= SingleVerdicts)
        {
            return $"Usable for single verdicts between two answers: of those that people preferred it finds "
                + $"{NumberText.Percent(decisive.Value)}; {said}.";
        }

        var missed = people is null ? "" : $", less than people with each other ({NumberText.Percent(people.People)})";
        return beyondConstant.Lower > 0
            ? $"Usable for comparing models or versions over many battles, not for single verdicts: {said}{missed}."
            : $"Usable at most for averages over many battles, not for verdicts: {said}{missed}, no more than the most frequent "
                + "verdict alone would reach.";
    }

    private IEnumerable<string> Cautions()
    {
        string[] cautions =
        [
            .. Get(MeasureNames.Flips) is { Value: > ManyFlips } flips
                ? [$"ask it in both orders and take the mean, because {NumberText.Percent(flips.Value)} of its verdicts flip"]
                : Array.Empty<string>(),
            .. Leans(MeasureNames.Length, "length"), .. Leans(MeasureNames.Style, "markdown"),
            .. isMiscalibrated
                ? ["calibrate its probabilities before they are used as such"]
                : Array.Empty<string>(),
        ];
        if (cautions.Length > 0)
            yield return $"Before it is used: {string.Join("; ", cautions)}.";

        var failing = slices.Where(slice => slice.Fails).ToList();
        if (failing.Count > 0)
        {
            var names = failing.Take(MostSlices).Select(slice => $"\"{slice.Slice}\" ({NumberText.Percent(slice.Agreement)})");
            var more = failing.Count > MostSlices ? $" and {Quantity.Of(failing.Count - MostSlices, "more slice")}" : "";
            yield return $"Not for {string.Join(", ", names)}{more}, where it agrees with people less than elsewhere.";
        }
    }

    // A judge that is less sure than it could be leans less to everything; only the other way is a bias.
    private IEnumerable<string> Leans(string measure, string what)
    {
        var lean = Get(measure);
        if (lean.Interval.Lower > 0)
            yield return $"mind that it favours {what} more than people do, by {NumberText.Of(100 * lean.Value, "F1")} points";
    }

    private ValidationMeasure Get(string name) => measures.Single(measure => string.Equals(measure.Name, name, StringComparison.Ordinal));
}

/// <summary>How many labels would make the agreement known to five percentage points either way.</summary>
/// <param name="Battles">Labelled battles there are.</param>
/// <param name="HalfWidth">Half the width of the interval of the agreement.</param>
internal sealed record LabelsNeeded(int Battles, double HalfWidth)
{
    private const double Wanted = 0.05;

    /// <summary>Labelled battles that are needed in all, about prompts as different as these: widths fall with the square root.</summary>
    public int ForFivePoints => Math.Max(1, (int)Math.Ceiling(Battles * HalfWidth * HalfWidth / (Wanted * Wanted)));

    /// <summary>The same as a sentence.</summary>
    public string Sentence => HalfWidth <= Wanted
        ? $"{Quantity.Of(Battles, "label")} give the agreement to {Points} percentage points either way; for 5 points, "
            + $"{Quantity.Of(ForFivePoints, "label")} would do."
        : $"{Quantity.Of(Battles, "label")} give the agreement to {Points} percentage points either way only: for 5 points, label about "
            + $"{Quantity.Of(ForFivePoints - Battles, "more battle")}.";

    private string Points => NumberText.Of(100 * HalfWidth, "F1");
}
