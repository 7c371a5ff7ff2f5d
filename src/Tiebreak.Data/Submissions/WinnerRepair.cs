using Tiebreak.Core;
using Tiebreak.Data.Reading.Csv;

namespace Tiebreak.Data.Submissions;

/// <summary>A repair of a submission of winners: other spellings are understood, what is missing gets the usual winner.</summary>
internal sealed class WinnerRepair(string path, CsvTable table, List<string> testIds)
{
    /// <exception cref="InputException">A column is missing, or most of the test data has no winner.</exception>
    public (List<string> Winners, RepairReport Report) Run()
    {
        var (ids, columns) = (new RepairIds(testIds), new SubmissionColumns(table));
        ids.Notes.AddHeader(path, table, columns);
        var winners = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (line, cells) in table.Rows)
        {
            if (ids.Find(cells.ElementAtOrDefault(columns.Id) ?? "", line) is not { } id)
                continue;
            var written = cells.ElementAtOrDefault(columns.Predictions[0]) ?? "";
            if (WinnerForm.Repaired(written) is not { } winner)
                continue;
            if (!WinnerForm.IsValid(written))
                ids.Notes.Add("wrote winners as model_a or model_b", id);
            if (!winners.TryAdd(id, winner))
                ids.Notes.Add("dropped repeated rows", id);
        }

        if (2 * winners.Count < testIds.Count)
        {
            throw new InputException($"{path} has a winner for {winners.Count:N0} of the {Quantity.Of(testIds.Count, "row")} of the test "
                + "data, so a repair would invent most of the submission. Check that it is for this test data, and write it again.");
        }

        var usual = winners.Values.CountBy(winner => winner, StringComparer.Ordinal).OrderByDescending(group => group.Value)
            .ThenBy(group => group.Key, StringComparer.Ordinal).First().Key;
        foreach (var id in testIds.Where(id => !winners.ContainsKey(id)))
            ids.Notes.Add($"gave rows without a winner the most frequent one, {usual}", id);
        return (
            testIds.ConvertAll(id => winners.GetValueOrDefault(id, usual)), new RepairReport(testIds.Count, ids.Notes.ToList()));
    }
}
