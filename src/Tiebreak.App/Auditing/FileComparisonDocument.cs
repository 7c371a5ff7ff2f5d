using System.Text.Json.Serialization;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;
using Tiebreak.Data.Comparing;
using Tiebreak.Reports.Documents;

namespace Tiebreak.App.Auditing;

/// <summary>How far two files of battles differ, and by what.</summary>
public sealed class FileComparisonDocument : IDocument
{
    private const int MostDifferences = 20;
    private const int MostBattles = 10;
    private const int LongestExcerpt = 80; // UTF-16 units
    private const double LeastStandardErrors = 4; // of hundreds of features, chance shows none so

    private readonly string _train;
    private readonly string _test;

    internal FileComparisonDocument(string train, string test, FileComparison comparison, WrittenWeights? weights)
    {
        (_train, _test, Weights) = (train, test, weights);
        TrainBattles = comparison.Battles.Count(battle => !battle.IsOfSecond);
        TestBattles = comparison.Battles.Count - TrainBattles;
        Separations = [.. comparison.Separations.Select(by => new FileSeparation(by.By, by.Auc, by.AucInterval))];
        Differences =
        [
            .. comparison.Shifts.Where(shift => Math.Abs(shift.StandardErrors) >= LeastStandardErrors).Select(shift => new FileDifference(
                shift.Feature.Group, shift.Feature.Name, shift.Feature.IsShare, shift.First, shift.Second, shift.StandardErrors)),
        ];
        TrainLikeTest = MostLike(comparison.Battles.Where(battle => !battle.IsOfSecond), battle => battle.Probability);
        TestLikeTrain = MostLike(comparison.Battles.Where(battle => battle.IsOfSecond), battle => 1 - battle.Probability);
    }

    /// <inheritdoc/>
    [JsonIgnore]
    public string Title => $"{Path.GetFileName(_train)} and {Path.GetFileName(_test)}";

    /// <summary>Battles of the training file that were compared: all, or a sample.</summary>
    public int TrainBattles { get; }

    /// <summary>Battles of the test file that were compared.</summary>
    public int TestBattles { get; }

    /// <summary>How well everything together, and each kind of feature alone, tells the files apart.</summary>
    public IReadOnlyList<FileSeparation> Separations { get; }

    /// <summary>What differs beyond chance, the surest difference first.</summary>
    public IReadOnlyList<FileDifference> Differences { get; }

    /// <summary>Battles of the training file that look most like the test file, one of each prompt.</summary>
    public IReadOnlyList<AlikeBattle> TrainLikeTest { get; }

    /// <summary>Battles of the test file that look most like the training file, one of each prompt.</summary>
    public IReadOnlyList<AlikeBattle> TestLikeTrain { get; }

    /// <summary>The weights that were written; null where none were asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WrittenWeights? Weights { get; }

    /// <inheritdoc/>
    public IEnumerable<Section> Sections() =>
    [
        new Paragraph($"{_train}: {Quantity.Of(TrainBattles, "battle")}. {_test}: {Quantity.Of(TestBattles, "battle")}."),
        new Paragraph(Conclusion()),
        new TextTable(
            "How well a classifier tells them apart, on prompts that it has not seen", ["By", "AUC", "95 % interval"],
            [.. Separations.Select(by => new[] { by.By, NumberText.Of(by.Auc, "F3"), NumberText.Range(by.AucInterval, 3) })]),
        new TextTable(
            "What differs", ["Kind", "Feature", "Train", "Test", "Standard errors"],
            [.. Differences.Take(MostDifferences).Select(difference => new[]
            {
                difference.Kind, difference.Name, difference.Text(difference.Train), difference.Text(difference.Test),
                NumberText.Signed(difference.StandardErrors, 1),
            })])
        {
            ProseColumns = new HashSet<int> { 1 },
        },
        AlikeTable("Battles of the training file that look most like the test file", TrainLikeTest),
        AlikeTable("Battles of the test file that look most like the training file", TestLikeTrain),
        .. Weights is null ? Array.Empty<Section>() : [new Paragraph(Weights.Summary)],
    ];

    private string Conclusion()
    {
        var (auc, interval) = (Separations[0].Auc, Separations[0].AucInterval);
        var by = Separations.Skip(1).MaxBy(separation => separation.Auc)!;
        var shown = $"AUC {NumberText.Of(auc, "F3")}, 95 % interval {NumberText.Range(interval, 3)}";
        return interval.Lower <= 0.5
            ? $"Nothing that is looked at here tells the files apart ({shown}; 0.5 is chance)."
            : $"The files differ: of two battles, one of each file, a classifier tells which is which in {NumberText.Percent(auc)} "
                + $"({shown}; 0.5 is chance). Most by {by.By}.";
    }

    private static IReadOnlyList<AlikeBattle> MostLike(IEnumerable<ComparedBattle> battles, Func<ComparedBattle, double> likeness) =>
    [
        .. battles.OrderByDescending(likeness).ThenBy(battle => battle.Battle.Id, StringComparer.Ordinal)
            .DistinctBy(battle => PromptGroup.KeyOf(battle.Battle), StringComparer.Ordinal).Take(MostBattles)
            .Select(battle => new AlikeBattle(battle.Battle.Id, likeness(battle), Excerpt(battle.Battle))),
    ];

    private static string Excerpt(Battle battle)
    {
        var prompt = battle.Turns.Count > 0 ? battle.Turns[0].Prompt ?? "" : "";
        var line = string.Join(' ', prompt.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= LongestExcerpt ? line : $"{line[..LongestExcerpt]}...";
    }

    private static TextTable AlikeTable(string title, IReadOnlyList<AlikeBattle> battles) => new(
        title, ["Id", "Likeness", "Prompt"],
        [.. battles.Select(battle => new[] { battle.Id, NumberText.Of(battle.Likeness, "F2"), battle.Prompt })])
    {
        ProseColumns = new HashSet<int> { 2 },
    };
}

/// <summary>How well features tell two files apart.</summary>
/// <param name="By">Which: everything, or a kind of features alone.</param>
/// <param name="Auc">The cross-validated area under the ROC curve; 0.5 is chance, 1 is always.</param>
/// <param name="AucInterval">95 % interval, by bootstrap over prompts.</param>
public sealed record FileSeparation(string By, double Auc, [property: JsonPropertyName("auc_ci")] Interval AucInterval);

/// <summary>A feature that differs between two files.</summary>
/// <param name="Kind">Lengths, languages, models, words or findings.</param>
/// <param name="Name">The feature.</param>
/// <param name="IsShare">True for the share of battles that have it; else the numbers are geometric means.</param>
/// <param name="Train">In the training file.</param>
/// <param name="Test">In the test file.</param>
/// <param name="StandardErrors">How far beyond chance; above 0 the test file has more.</param>
public sealed record FileDifference(string Kind, string Name, bool IsShare, double Train, double Test, double StandardErrors)
{
    internal string Text(double value) => IsShare ? NumberText.Percent(value) : NumberText.Of(value, "N1");
}

/// <summary>A battle that looks like those of the other file.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Likeness">The probability of being from the other file, by a classifier that has not seen its prompt.</param>
/// <param name="Prompt">The beginning of its first prompt.</param>
public sealed record AlikeBattle(string Id, double Likeness, string Prompt);
