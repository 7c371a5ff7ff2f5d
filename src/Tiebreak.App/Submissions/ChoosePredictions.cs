using System.Text.Json.Serialization;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Metrics;
using Tiebreak.Data;
using Tiebreak.Data.Submissions;
using Tiebreak.Reports.Documents;

namespace Tiebreak.App.Submissions;

/// <summary>Says which two of several files of preferences to hand in, where the better score of the two will count.</summary>
public sealed record ChoosePredictions
{
    private const int MostFiles = 50;

    /// <summary>The files, two at least, with preferences for the same labelled battles. Rows are matched by id.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>Files of labelled battles.</summary>
    public required IReadOnlyList<string> Data { get; init; }

    /// <summary>Battles of the part that counts in the end and that nobody can look at yet.</summary>
    public required int PrivateRows { get; init; }

    /// <summary>How the numbers of the files become probabilities that are none.</summary>
    public SubmissionScale Scale { get; init; }

    /// <summary>Chooses.</summary>
    /// <exception cref="InputException">A file cannot be used, or there are too few files or battles.</exception>
    public async Task<PredictionChoiceDocument> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        if (Files.Count is < 2 or > MostFiles)
            throw new InputException($"Give 2 to {MostFiles} files of preferences to choose from; {Files.Count} were given.");
        PrivateTest.ThrowIfImpossible(PrivateRows);
        OrderedDictionary<string, Preference>[] files = [.. Files.Select(path => PreferencesById.Read(context, path, Scale))];
        var set = await BattleFiles.LoadAsync(context, Data, BattlePurpose.Explore, cancellationToken).ConfigureAwait(false);
        var common = set.Battles.Where(battle => battle.Target is not null && Array.TrueForAll(files, file => file.ContainsKey(battle.Id)))
            .ToList();
        if (common.Count == 0)
            throw new InputException("None of the labelled battles has a prediction in every file. Give the battles that were predicted.");

        var labelled = new LabelledBattles(common);
        double[][] losses =
            [.. files.Select(file => LogLoss.PerRow([.. labelled.Battles.Select(battle => file[battle.Id])], labelled.Targets))];
        var scores = PrivateTest.ScoresOf(losses, labelled, PrivateRows);
        return new PredictionChoiceDocument(Files, scores, scores.Contest(context.Seed, context.Threads), labelled.Count, PrivateRows);
    }
}

/// <summary>Which two of several files of preferences to hand in.</summary>
public sealed class PredictionChoiceDocument : IDocument
{
    private const int MostPairs = 10;
    private const double LeastGain = 0.000_005; // shows as 0.00000

    internal PredictionChoiceDocument(
        IReadOnlyList<string> files, PrivateScores scores, PrivateContest contest, int labelledRows, int privateRows)
    {
        (LabelledRows, PrivateRows) = (labelledRows, privateRows);
        Files =
        [
            .. files.Select((path, i) => new CandidateFile(path, scores.Expected[i], contest.ChanceOfBest[i]))
                .OrderBy(file => file.LogLoss),
        ];
        Pairs =
        [
            .. contest.Pairs.Select(pair => new CandidatePair(
                files[pair.One], files[pair.Other], pair.ExpectedBest, pair.ChanceOfBest, scores.ChanceOfLower(pair.One, pair.Other),
                scores.Correlation(pair.One, pair.Other))),
        ];
    }

    /// <inheritdoc/>
    [JsonIgnore]
    public string Title => $"Two of {Quantity.Of(Files.Count, "file")}";

    /// <summary>Labelled battles that all files predict.</summary>
    public int LabelledRows { get; }

    /// <summary>Battles of the private test set.</summary>
    public int PrivateRows { get; }

    /// <summary>The files, the lowest log loss first.</summary>
    public IReadOnlyList<CandidateFile> Files { get; }

    /// <summary>All pairs, that with the lowest expected best score first.</summary>
    public IReadOnlyList<CandidatePair> Pairs { get; }

    /// <inheritdoc/>
    public IEnumerable<Section> Sections()
    {
        yield return new Paragraph(
            $"Told from {Quantity.Of(LabelledRows, "labelled battle")} for a private test set of {Quantity.Of(PrivateRows, "battle")}.");
        yield return new TextTable(
            "Files", ["File", "Log loss", "Chance to be the best"],
            [.. Files.Select(file => new[] { NameOf(file.File), NumberText.Loss(file.LogLoss), NumberText.Percent(file.ChanceOfBest) })]);
        yield return new TextTable(
            $"Pairs{(Pairs.Count > MostPairs ? $", the best {MostPairs} of {Pairs.Count}" : "")}",
            ["First", "Second", "Expected best score", "One of them\nis the best", "First beats\nsecond", "Correlation"],
            [.. Pairs.Take(MostPairs).Select(pair => new[]
            {
                NameOf(pair.First), NameOf(pair.Second), NumberText.Of(pair.ExpectedBest, "F5"), NumberText.Percent(pair.ChanceOfBest),
                NumberText.Percent(pair.ChanceFirstBetter), NumberText.Of(pair.Correlation, "F3"),
            })]);
        yield return new Paragraph(Advice());
    }

    // Paths make tables unreadable; they are shown where names alone would not tell files apart.
    private string NameOf(string path) =>
        Files.Select(file => Path.GetFileName(file.File)).Distinct(StringComparer.Ordinal).Count() == Files.Count
            ? Path.GetFileName(path) : path;

    private string Advice()
    {
        var best = Pairs[0];
        var surest = Pairs.MaxBy(pair => pair.ChanceOfBest)!;
        var (gain, first) = (Files[0].LogLoss - best.ExpectedBest, NameOf(Files[0].File));
        if (gain < LeastGain)
            return $"{first} will hardly be beaten: a second file adds nothing.";
        return $"Hand in {NameOf(best.First)} and {NameOf(best.Second)}: their better score is expected to be "
            + Invariant($"{gain:F5} below that of {first} alone.") + (surest == best
                ? ""
                : $" {NameOf(surest.First)} and {NameOf(surest.Second)} have the best chance that one of them is the best of all, and a "
                    + "worse expected score.");
    }
}

/// <summary>One of several files of preferences.</summary>
/// <param name="File">The file.</param>
/// <param name="LogLoss">Its log loss on the labelled battles.</param>
/// <param name="ChanceOfBest">The chance that its score on the private test set is the lowest of all.</param>
public sealed record CandidateFile(string File, double LogLoss, double ChanceOfBest);

/// <summary>Two files that are handed in together; the better score counts.</summary>
/// <param name="First">A file.</param>
/// <param name="Second">Another.</param>
/// <param name="ExpectedBest">The expected log loss of the better one on the private test set.</param>
/// <param name="ChanceOfBest">The chance that one of them has the lowest score of all files.</param>
/// <param name="ChanceFirstBetter">The chance that the first has a lower score than the second.</param>
/// <param name="Correlation">Correlation of the two scores.</param>
public sealed record CandidatePair(
    string First, string Second, double ExpectedBest, double ChanceOfBest, double ChanceFirstBetter, double Correlation);
