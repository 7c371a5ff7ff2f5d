using System.Globalization;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Files;
using Tiebreak.Data.Layouts.Kaggle;
using Tiebreak.Data.Reading.Csv;

namespace Tiebreak.Data.Submissions;

/// <summary>
/// The competition's <c>submission.csv</c>: <c>id,winner_model_a,winner_model_b,winner_tie</c>, one row for every row of the test data.
/// </summary>
public static class SubmissionFile
{
    /// <summary>Writes a submission, whole or not at all: LF line ends, numbers that read back exactly.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="ids">The ids of the test data.</param>
    /// <param name="preferences">One per id, in the same order.</param>
    /// <exception cref="ArgumentException">The lists differ in length, or a preference is invalid.</exception>
    /// <exception cref="TiebreakException">The file cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<string> ids, IReadOnlyList<Preference> preferences) =>
        AtomicFile.Write(path, stream => Write(stream, ids, preferences));

    /// <summary>Writes a submission into a stream that stays open, in the same form.</summary>
    /// <exception cref="ArgumentException">The lists differ in length, or a preference is invalid.</exception>
    public static void Write(Stream stream, IReadOnlyList<string> ids, IReadOnlyList<Preference> preferences)
    {
        if (ids.Count != preferences.Count)
            throw new ArgumentException($"There are {ids.Count} ids but {preferences.Count} preferences.", nameof(preferences));

        using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine(string.Join(',', KaggleHeader.Submission));
        for (var i = 0; i < ids.Count; i++)
        {
            var row = preferences[i];
            if (!row.IsValid)
                throw new ArgumentException($"The preference for {ids[i]} is not valid: {row}.", nameof(preferences));
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{CsvText.Quote(ids[i])},{row.A:R},{row.B:R},{row.Tie:R}"));
        }
    }

    /// <summary>Writes the WSDM Cup's form into a stream that stays open: <c>id,winner</c>, the more probable side of A and B.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="ids">The ids of the test data.</param>
    /// <param name="preferences">One per id, in the same order.</param>
    /// <exception cref="ArgumentException">The lists differ in length.</exception>
    public static void WriteWinners(Stream stream, IReadOnlyList<string> ids, IReadOnlyList<Preference> preferences) =>
        WriteWinners(stream, ids, [.. preferences.Select(WinnerForm.Of)]);

    /// <summary>
    /// Reads a file of preferences by the names of its columns, in any order and with others beside them. Sums that are off by up to 0.01
    /// are rescaled, percentages divided by 100; rows without a prediction (nothing, or three zeros) are left out.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <returns>The rows in the order of the file.</returns>
    /// <exception cref="InputException">The file cannot be read, or a row is not right; the message names the first problem.</exception>
    public static IReadOnlyList<SubmissionRow> Read(string path) => PredictionFile.Read(path).Rows;

    /// <summary>Finds everything that is wrong with a submission, in the competition's form or in the WSDM Cup's.</summary>
    /// <param name="submissionPath">The submission.</param>
    /// <param name="testPath">The test data that it is for.</param>
    /// <param name="mapping">What the columns of the test data are called; null for the usual names.</param>
    /// <exception cref="InputException">One of the files cannot be read at all.</exception>
    public static SubmissionReport Check(string submissionPath, string testPath, BattleMapping? mapping = null) =>
        new SubmissionCheck(CsvTable.Read(submissionPath), TestIds.Read(testPath, mapping)).Run();

    /// <summary>
    /// Makes a submission that passes <see cref="Check"/>. The index column and other superfluous ones are dropped, header and column
    /// order restored, semicolons, decimal commas and percent signs replaced; ids get the test data's text (136060.0 is 136060), unknown
    /// ones and exact repetitions are dropped, conflicting rows of an id averaged; missing ids and rows without valid probabilities get
    /// the mean of the valid rows; percentages are divided by 100, probabilities rescaled to sum 1 and those below 1e-6 raised to it. The
    /// rows come in the order of the test data. In the form with winners other spellings are understood, and what is missing gets the
    /// most frequent winner.
    /// </summary>
    /// <param name="submissionPath">The submission.</param>
    /// <param name="testPath">The test data that it is for.</param>
    /// <param name="outPath">The file to write; may be the submission itself.</param>
    /// <param name="scale">How numbers become probabilities that are none.</param>
    /// <param name="asWinners">True to write winners where the submission has probabilities.</param>
    /// <param name="mapping">What the columns of the test data are called; null for the usual names.</param>
    /// <exception cref="InputException">
    /// One of the files cannot be read at all, a column that is needed is missing, the numbers are no probabilities and nobody said how
    /// they become some, or less than half of the test data has a usable prediction.
    /// </exception>
    public static RepairReport Repair(
        string submissionPath, string testPath, string outPath, SubmissionScale scale = SubmissionScale.None, bool asWinners = false,
        BattleMapping? mapping = null)
    {
        var (ids, table) = (TestIds.Read(testPath, mapping), CsvTable.Read(submissionPath));
        if (new SubmissionColumns(table).HoldsWinners)
        {
            var (winners, changes) = new WinnerRepair(submissionPath, table, ids).Run();
            AtomicFile.Write(outPath, stream => WriteWinners(stream, ids, winners));
            return changes;
        }

        var (preferences, report) = new SubmissionRepair(submissionPath, table, scale, ids).Run();
        if (asWinners)
            AtomicFile.Write(outPath, stream => WriteWinners(stream, ids, preferences));
        else
            Write(outPath, ids, preferences);
        return report;
    }

    private static void WriteWinners(Stream stream, IReadOnlyList<string> ids, IReadOnlyList<string> winners)
    {
        if (ids.Count != winners.Count)
            throw new ArgumentException($"There are {ids.Count} ids but {winners.Count} predictions.", nameof(winners));

        using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine(string.Join(',', WinnerForm.Header));
        for (var i = 0; i < ids.Count; i++)
            writer.WriteLine($"{CsvText.Quote(ids[i])},{winners[i]}");
    }
}

/// <summary>One row of a submission.</summary>
/// <param name="Id">The id of the battle, as written.</param>
/// <param name="Preference">The prediction.</param>
public readonly record struct SubmissionRow(string Id, Preference Preference);
