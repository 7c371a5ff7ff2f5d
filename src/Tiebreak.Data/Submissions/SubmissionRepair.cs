using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Data.Layouts.Kaggle;
using Tiebreak.Data.Reading.Csv;

namespace Tiebreak.Data.Submissions;

/// <summary>One repair of a submission: what can be known is kept, what cannot is filled in, and every change is noted.</summary>
internal sealed class SubmissionRepair(string path, CsvTable table, SubmissionScale scale, List<string> testIds)
{
    // Small enough not to cost anything where it is right, large enough not to ruin the score where it is wrong (log loss 13.8).
    private const double Floor = 1e-6;

    private readonly RepairIds _ids = new(testIds);

    private RepairNotes Notes => _ids.Notes;

    /// <exception cref="InputException">A column is missing, or for most of the test data there is nothing that could be kept.</exception>
    public (List<Preference> Preferences, RepairReport Report) Run()
    {
        var columns = FindColumns();
        var numbers = new SubmissionNumbers(table, columns, scale);
        ThrowIfUnclear(numbers);
        foreach (var part in numbers.Spelling)
            Notes.Add("replaced the notation", part);

        var rows = new Dictionary<string, List<Preference?>>(StringComparer.Ordinal);
        foreach (var (line, cells) in table.Rows)
        {
            if (_ids.Find(cells.ElementAtOrDefault(columns.Id) ?? "", line) is not { } id)
                continue;
            if (!rows.TryGetValue(id, out var predictions))
                rows[id] = predictions = [];
            predictions.Add(cells.Length == columns.Count ? Read(numbers, numbers.Of(cells), id) : null);
        }

        var merged = rows.ToDictionary(row => row.Key, row => Merge(row.Key, row.Value), StringComparer.Ordinal);
        var usable = merged.Values.Count(row => row is not null);
        if (2 * usable < testIds.Count)
        {
            throw new InputException($"{path} has usable predictions for {usable:N0} of the {Quantity.Of(testIds.Count, "row")} of the "
                + "test data, so a repair would invent most of the submission. Check that it is for this test data, and write it again.");
        }

        var mean = Mean(merged.Values)!.Value;
        var preferences = testIds.ConvertAll(id => Raise(id, merged.GetValueOrDefault(id) ?? Fill(id, mean, merged.ContainsKey(id))));
        return (preferences, new RepairReport(preferences.Count, Notes.ToList()));
    }

    private SubmissionColumns FindColumns()
    {
        if (table.Header.Count == KaggleHeader.Submission.Count && _ids.IsKnown(table.Header[0].Trim()))
        {
            Notes.Add("added the missing header", string.Join(',', KaggleHeader.Submission));
            table.Rows.Insert(0, (1, [.. table.Header.Select(cell => cell.Trim())]));
            return SubmissionColumns.InOrder;
        }

        var columns = new SubmissionColumns(table);
        Notes.AddHeader(path, table, columns);
        return columns;
    }

    private void ThrowIfUnclear(SubmissionNumbers numbers)
    {
        if (!numbers.NeedScale)
            return;
        throw new InputException(numbers.FittingScale is SubmissionScale.Softmax
            ? $"The numbers of {path} {numbers.Look}. Say `scale` softmax to make probabilities of them by exp(x) / sum of exp(x)."
            : $"The numbers of {path} {numbers.Look}. Say `scale` division to divide them by the sum of their row, or `scale` softmax if "
                + "they are logits.")
        {
            Parameters = ["scale"],
        };
    }

    /// <summary>The prediction of a row, or null where it has none that can be made valid by scaling.</summary>
    private Preference? Read(SubmissionNumbers numbers, NumberRow row, string id)
    {
        var preference = numbers.ToPreference(row);
        if (preference is null || Math.Abs(row.Sum - 1) <= Preference.SumTolerance)
            return preference;

        Notes.Add(
            scale is SubmissionScale.Softmax ? "made probabilities of logits by softmax"
                : numbers.Kind is NumberKind.Percentages ? "divided percentages by 100"
                : "rescaled probabilities to sum 1", id);
        return preference;
    }

    private Preference? Merge(string id, List<Preference?> rows)
    {
        if (rows.Count == 1)
            return rows[0];

        var distinct = rows.OfType<Preference>().Distinct().ToList();
        Notes.Add(distinct.Count > 1 ? "averaged conflicting rows of the same id" : "dropped repeated rows", id);
        return Mean(distinct.Select(row => (Preference?)row));
    }

    private static Preference? Mean(IEnumerable<Preference?> rows)
    {
        var (a, b, tie, count) = (0.0, 0.0, 0.0, 0);
        foreach (var row in rows.OfType<Preference>())
            (a, b, tie, count) = (a + row.A, b + row.B, tie + row.Tie, count + 1);
        return count == 0 ? null : Preference.Normalised(a, b, tie);
    }

    private Preference Fill(string id, Preference mean, bool hadRow)
    {
        Notes.Add($"{(hadRow ? "replaced rows without valid probabilities by" : "added missing ids with")} the mean of the valid rows", id);
        return mean;
    }

    private Preference Raise(string id, Preference row)
    {
        if (row.A >= Floor && row.B >= Floor && row.Tie >= Floor)
            return row;

        Notes.Add($"raised probabilities below {Floor} to it", id);
        return Preference.Normalised(Math.Max(row.A, Floor), Math.Max(row.B, Floor), Math.Max(row.Tie, Floor));
    }
}
