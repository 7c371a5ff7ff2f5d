using System.Text.Json;
using System.Text.Json.Serialization;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Metrics;
using Tiebreak.Data;
using Tiebreak.Data.Reading;
using Tiebreak.Data.Submissions;
using Tiebreak.Reports.Documents;

namespace Tiebreak.App.Submissions;

/// <summary>Says how two files of preferences differ, and which is better where people have voted.</summary>
public sealed record ComparePredictions
{
    /// <summary>A submission.</summary>
    public required string First { get; init; }

    /// <summary>Another one. Rows are matched by id, in whatever order they stand.</summary>
    public required string Second { get; init; }

    /// <summary>Files of labelled battles; empty for none.</summary>
    public IReadOnlyList<string> Data { get; init; } = [];

    /// <summary>How the numbers of both files become probabilities that are none.</summary>
    public SubmissionScale Scale { get; init; }

    /// <summary>
    /// Battles of a private test set, for which the chance is told that the first file will be better; null for none. Needs labelled
    /// battles.
    /// </summary>
    public int? PrivateRows { get; init; }

    /// <summary>Compares.</summary>
    /// <exception cref="InputException">A file cannot be used, or the files have no id in common.</exception>
    public async Task<PredictionsDocument> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        if (PrivateRows is { } rows)
        {
            PrivateTest.ThrowIfImpossible(rows);
            if (Data.Count == 0)
            {
                throw new InputException(
                    "What will be on a private test set is told from labelled battles: `private-rows` goes with `data`.")
                {
                    Parameters = ["private-rows", "data"],
                };
            }
        }

        var (first, second) = (PreferencesById.Read(context, First, Scale), PreferencesById.Read(context, Second, Scale));
        string[] ids = [.. first.Keys.Where(second.ContainsKey)];
        if (ids.Length == 0)
        {
            throw new InputException($"{First} and {Second} have no id in common, so there is nothing to compare. " +
                "Give predictions for the same battles.");
        }

        var set = Data.Count > 0
            ? await BattleFiles.LoadAsync(context, Data, BattlePurpose.Explore, cancellationToken).ConfigureAwait(false)
            : null;
        var labelled = set is null ? null : Judge(context, set.Battles, first, second);
        return new PredictionsDocument(
            new PredictionsFile(First, [.. first.Keys.Where(id => !second.ContainsKey(id))], [.. ids.Select(id => first[id])]),
            new PredictionsFile(Second, [.. second.Keys.Where(id => !first.ContainsKey(id))], [.. ids.Select(id => second[id])]),
            ids,
            labelled);
    }

    private LabelledComparison Judge(
        JobContext context,
        IReadOnlyList<Battle> battles,
        IReadOnlyDictionary<string, Preference> first,
        IReadOnlyDictionary<string, Preference> second)
    {
        var common = battles
            .Where(battle => battle.Target is not null && first.ContainsKey(battle.Id) && second.ContainsKey(battle.Id)).ToList();
        if (common.Count == 0)
            throw new InputException("None of the labelled battles has a prediction in both files. Give the battles that were predicted.");

        var labelled = new LabelledBattles(common);
        Preference[] ofFirst = [.. labelled.Battles.Select(battle => first[battle.Id])];
        Preference[] ofSecond = [.. labelled.Battles.Select(battle => second[battle.Id])];
        var (losses, others) = (LogLoss.PerRow(ofFirst, labelled.Targets), LogLoss.PerRow(ofSecond, labelled.Targets));
        double[] differences = [.. losses.Zip(others, (one, other) => one - other)];
        return new LabelledComparison(
            labelled.Count, losses.Average(), others.Average(), differences.Average(),
            ClusterBootstrap.OfMean(differences, labelled.Groups, context.Seed, threads: context.Threads),
            PredictionAlarms.Find(ofFirst, labelled), PredictionAlarms.Find(ofSecond, labelled))
        {
            OnPrivateTest = PrivateRows is { } rows ? PrivateComparison.Of(losses, others, labelled, rows) : null,
        };
    }
}

/// <summary>One of two files of preferences.</summary>
/// <param name="Path">The file.</param>
/// <param name="Only">Ids that the other file does not have.</param>
/// <param name="Common">Preferences of the ids that both have.</param>
internal sealed record PredictionsFile(string Path, IReadOnlyList<string> Only, IReadOnlyList<Preference> Common);

/// <summary>Two files of preferences against what people voted.</summary>
/// <param name="Rows">Labelled battles that both files predict.</param>
/// <param name="First">Mean log loss of the first.</param>
/// <param name="Second">Mean log loss of the second.</param>
/// <param name="Difference">First minus second.</param>
/// <param name="Interval">95 % interval of the difference: paired, by bootstrap over prompts.</param>
/// <param name="AlarmsOfFirst">What looks wrong with the first file as a whole.</param>
/// <param name="AlarmsOfSecond">What looks wrong with the second file as a whole.</param>
internal sealed record LabelledComparison(
    int Rows, double First, double Second, double Difference, Interval Interval,
    IReadOnlyList<PredictionAlarm> AlarmsOfFirst, IReadOnlyList<PredictionAlarm> AlarmsOfSecond)
{
    /// <summary>What will be on a private test set; null where that was not asked.</summary>
    public PrivateComparison? OnPrivateTest { get; init; }
}

/// <summary>Two files of preferences on a private test set.</summary>
/// <param name="Rows">Its battles.</param>
/// <param name="ChanceFirstBetter">The chance that the first file has the lower log loss there.</param>
/// <param name="Difference">95 % interval of the first's log loss less the second's.</param>
internal sealed record PrivateComparison(int Rows, double ChanceFirstBetter, Interval Difference)
{
    public static PrivateComparison Of(double[] first, double[] second, LabelledBattles labelled, int rows)
    {
        var scores = PrivateTest.ScoresOf([first, second], labelled, rows);
        return new PrivateComparison(rows, scores.ChanceOfLower(0, 1), scores.Difference(0, 1));
    }
}

/// <summary>How two files of preferences differ.</summary>
public sealed class PredictionsDocument : IDocument
{
    private readonly PredictionsFile _first;
    private readonly PredictionsFile _second;
    private readonly IReadOnlyList<string> _ids;
    private readonly LabelledComparison? _labelled;
    private readonly PreferenceComparison _comparison;

    internal PredictionsDocument(PredictionsFile first, PredictionsFile second, IReadOnlyList<string> ids, LabelledComparison? labelled) =>
        (_first, _second, _ids, _labelled, _comparison) =
        (first, second, ids, labelled, PreferenceComparison.Of(first.Common, second.Common));

    /// <inheritdoc/>
    [JsonIgnore]
    public string Title => $"{Path.GetFileName(_first.Path)} and {Path.GetFileName(_second.Path)}";

    /// <summary>Battles in both files.</summary>
    public int Rows => _comparison.Rows;

    /// <summary>Ids that only the first file has.</summary>
    public IReadOnlyList<string> OnlyInFirst => _first.Only;

    /// <summary>Ids that only the second file has.</summary>
    public IReadOnlyList<string> OnlyInSecond => _second.Only;

    /// <summary>Mean absolute difference of a probability.</summary>
    public double MeanAbsoluteDifference => _comparison.MeanAbsoluteDifference;

    /// <summary>The largest difference of a probability.</summary>
    public double LargestDifference => _comparison.LargestDifference;

    /// <summary>Mean Kullback-Leibler divergence of the second from the first, in nats.</summary>
    public double KlDivergence => _comparison.KullbackLeibler;

    /// <summary>Share of battles with the same most probable outcome.</summary>
    public double SameTop => _comparison.SameTop;

    /// <summary>Correlation of each outcome's probability.</summary>
    public PerOutcome<double> Correlation => PerOutcome.Of(outcome => _comparison.Correlation[outcome]);

    /// <summary>Mean preference of the first file.</summary>
    public PerOutcome<double> MeanFirst => PerOutcome.Of(_comparison.MeanFirst);

    /// <summary>Mean preference of the second file.</summary>
    public PerOutcome<double> MeanSecond => PerOutcome.Of(_comparison.MeanSecond);

    /// <summary>The battles that differ most, most first.</summary>
    public IEnumerable<DifferentPrediction> MostDifferent => _comparison.MostDifferent.Select(i => new DifferentPrediction(
        _ids[i], PerOutcome.Of(_first.Common[i]), PerOutcome.Of(_second.Common[i])));

    /// <summary>Battles that people voted on; null where no labels were given, like what follows.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? LabelledRows => _labelled?.Rows;

    /// <summary>Log loss of the first file on them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? LogLossFirst => _labelled?.First;

    /// <summary>Log loss of the second file on them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? LogLossSecond => _labelled?.Second;

    /// <summary>First minus second.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Difference => _labelled?.Difference;

    /// <summary>95 % interval of the difference.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonPropertyName("difference_ci")]
    public Interval? DifferenceInterval => _labelled?.Interval;

    /// <summary>Battles of the private test set that was asked about; null for none, like what follows.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? PrivateRows => _labelled?.OnPrivateTest?.Rows;

    /// <summary>The chance that the first file has the lower log loss there.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ChanceFirstBetter => _labelled?.OnPrivateTest?.ChanceFirstBetter;

    /// <summary>95 % interval of the first's log loss less the second's there.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonPropertyName("private_difference_ci")]
    public Interval? PrivateDifferenceInterval => _labelled?.OnPrivateTest?.Difference;

    /// <summary>What looks wrong with the first file as a whole.</summary>
    public JsonElement AlarmsFirst => InnerJson.Of(OfFirst);

    /// <summary>What looks wrong with the second file as a whole; what files have only beside each other is said of the first.</summary>
    public JsonElement AlarmsSecond => InnerJson.Of(OfSecond);

    private IReadOnlyList<PredictionAlarm> OfFirst => _labelled?.AlarmsOfFirst
        ?? PredictionAlarms.FindBeside(_first.Common, _second.Common, "the second file");

    private IReadOnlyList<PredictionAlarm> OfSecond => _labelled?.AlarmsOfSecond
        ?? [.. PredictionAlarms.FindBeside(_second.Common, _first.Common, "the first file")
            .Where(alarm => alarm.Kind is PredictionAlarmKind.Constant or PredictionAlarmKind.OneClass)];

    /// <inheritdoc/>
    public IEnumerable<Section> Sections()
    {
        yield return new Paragraph($"{Quantity.Of(Rows, "row")} in both files{Only(_first)}{Only(_second)}.");
        foreach (var (file, alarms) in new[] { (_first, OfFirst), (_second, OfSecond) })
        {
            foreach (var alarm in alarms)
                yield return new Paragraph($"Alarm, {file.Path}: {alarm.Message}");
        }

        yield return new TextTable(
            "Differences", ["Measure", "Value"],
            [
                ["Mean absolute difference of a probability", NumberText.Loss(MeanAbsoluteDifference)],
                ["Largest difference of a probability", NumberText.Loss(LargestDifference)],
                ["Mean Kullback-Leibler divergence, nats", NumberText.Loss(KlDivergence)],
                ["Same most probable outcome", NumberText.Percent(SameTop)],
            ]);
        yield return new TextTable(
            "By outcome", ["Outcome", "Mean, first", "Mean, second", "Shift", "Correlation"],
            [.. Enum.GetValues<Outcome>().Select(outcome => new[]
            {
                outcome.ToString(), NumberText.Percent(_comparison.MeanFirst[outcome]), NumberText.Percent(_comparison.MeanSecond[outcome]),
                NumberText.Signed(_comparison.MeanSecond[outcome] - _comparison.MeanFirst[outcome], 4),
                NumberText.Loss(_comparison.Correlation[outcome]),
            })]);
        if (_comparison.MostDifferent.Count > 0)
        {
            yield return new TextTable(
                "Largest differences", ["Id", "First: A, B, tie", "Second: A, B, tie"],
                [.. _comparison.MostDifferent.Select(i => new[] { _ids[i], Text(_first.Common[i]), Text(_second.Common[i]) })]);
        }

        if (_labelled is not { } labelled)
            yield break;
        yield return Verdict(labelled);
        if (labelled.OnPrivateTest is { } part)
        {
            yield return new Paragraph(
                $"On a private test set of {Quantity.Of(part.Rows, "battle")} like these the first has the lower log loss with a chance of "
                + $"{NumberText.Percent(part.ChanceFirstBetter)}; first minus second there {NumberText.SignedRange(part.Difference)} "
                + "(95 %).");
        }
    }

    private static Paragraph Verdict(LabelledComparison labelled)
    {
        var better = labelled.Interval.Upper < 0 ? "the first is better"
            : labelled.Interval.Lower > 0 ? "the second is better" : "no difference is certain";
        return new Paragraph(
            Invariant(
                $"On {Quantity.Of(labelled.Rows, "labelled battle")}: log loss {labelled.First:F4} against {labelled.Second:F4}, ") +
            "first minus second " +
            $"{NumberText.Signed(labelled.Difference, 4)}, paired 95 % interval {NumberText.SignedRange(labelled.Interval)}: {better}.");
    }

    private static string Only(PredictionsFile file)
    {
        if (file.Only.Count == 0)
            return "";
        return Invariant($"; {file.Only.Count:N0} only in {file.Path} ({Examples.Of(file.Only)})");
    }

    private static string Text(Preference preference) => Invariant($"{preference.A:F3}, {preference.B:F3}, {preference.Tie:F3}");
}

/// <summary>A battle about which two files differ.</summary>
/// <param name="Id">The battle.</param>
/// <param name="First">What the first file says.</param>
/// <param name="Second">What the second file says.</param>
public sealed record DifferentPrediction(string Id, PerOutcome<double> First, PerOutcome<double> Second);
