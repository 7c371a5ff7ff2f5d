using System.Globalization;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Files;
using Tiebreak.Data.Layouts.Kaggle;

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

    /// <summary>Reads a submission that has nothing wrong with it.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The rows in the order of the file.</returns>
    /// <exception cref="InputException">The file cannot be read, or a row is not right; the message names the first problem.</exception>
    public static IReadOnlyList<SubmissionRow> Read(string path)
    {
        var table = SubmissionTable.Read(path);
        var ids = table.Rows.Select(row => row.Cells[0]).Distinct(StringComparer.Ordinal).ToList();
        var problem = new SubmissionCheck(table, ids).Run().Problems.FirstOrDefault(problem =>
            problem.Kind != SubmissionProblemKind.RowCount && (!problem.IsWarning || problem.Kind == SubmissionProblemKind.Sum));
        if (problem is not null)
            throw new InputException($"{path}: {problem}. Repair the file first (tiebreak submission repair).");

        return table.Rows.ConvertAll(row =>
            new SubmissionRow(row.Cells[0], new Preference(
                SubmissionNumber.Parse(row.Cells[1]), SubmissionNumber.Parse(row.Cells[2]), SubmissionNumber.Parse(row.Cells[3]))));
    }

    /// <summary>Finds everything that is wrong with a submission.</summary>
    /// <param name="submissionPath">The submission.</param>
    /// <param name="testPath">The test data that it is for.</param>
    /// <exception cref="InputException">One of the files cannot be read at all.</exception>
    public static SubmissionReport Check(string submissionPath, string testPath) =>
        new SubmissionCheck(SubmissionTable.Read(submissionPath), TestIds.Read(testPath)).Run();

    /// <summary>
    /// Makes a submission that passes <see cref="Check"/>. The index column and other superfluous ones are dropped, header and column
    /// order restored; ids get their text back (136060.0 is 136060), unknown ones and exact repetitions are dropped, conflicting rows of
    /// an id averaged; missing ids and rows without valid probabilities get the mean of the valid rows (one third each where there are
    /// none); probabilities are rescaled to sum 1 and those below 1e-6 raised to it. The rows come in the order of the test data.
    /// </summary>
    /// <param name="submissionPath">The submission.</param>
    /// <param name="testPath">The test data that it is for.</param>
    /// <param name="outPath">The file to write; may be the submission itself.</param>
    /// <exception cref="InputException">One of the files cannot be read at all, or a column that is needed is missing.</exception>
    public static RepairReport Repair(string submissionPath, string testPath, string outPath)
    {
        var ids = TestIds.Read(testPath);
        var (preferences, report) = new SubmissionRepair(SubmissionTable.Read(submissionPath), ids).Run();
        Write(outPath, ids, preferences);
        return report;
    }
}

/// <summary>One row of a submission.</summary>
/// <param name="Id">The id of the battle, as written.</param>
/// <param name="Preference">The prediction.</param>
public readonly record struct SubmissionRow(string Id, Preference Preference);
