using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Data.Layouts.Kaggle;

namespace Tiebreak.Data.Submissions;

/// <summary>One repair of a submission: what can be known is kept, what cannot is filled in, and every change is noted.</summary>
internal sealed class SubmissionRepair(SubmissionTable table, List<string> testIds)
{
    // Small enough not to cost anything where it is right, large enough not to ruin the score where it is wrong (log loss 13.8).
    private const double Floor = 1e-6;

    private readonly Dictionary<string, List<string>> _changes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _known = testIds.ToHashSet(StringComparer.Ordinal);

    public (List<Preference> Preferences, RepairReport Report) Run()
    {
        var columns = FindColumns();
        var rows = new Dictionary<string, List<Preference?>>(StringComparer.Ordinal);
        foreach (var (line, cells) in table.Rows)
        {
            if (FindId(cells.ElementAtOrDefault(columns.Id) ?? "", line) is not { } id)
                continue;
            if (!rows.TryGetValue(id, out var predictions))
                rows[id] = predictions = [];
            predictions.Add(cells.Length == columns.Count ? Parse(cells, columns, id) : null);
        }

        var merged = rows.ToDictionary(row => row.Key, row => Merge(row.Key, row.Value), StringComparer.Ordinal);
        var mean = Mean(merged.Values);
        var preferences = testIds.ConvertAll(id => Raise(id, merged.GetValueOrDefault(id) ?? Fill(id, mean, merged.ContainsKey(id))));
        return (
            preferences, new RepairReport(preferences.Count, [.. _changes.Select(change => new RepairChange(change.Key, change.Value))]));
    }

    private SubmissionColumns FindColumns()
    {
        var columns = new SubmissionColumns(table.Header);
        if (table.Header.Count == KaggleHeader.Submission.Count && _known.Contains(SubmissionNumber.WithoutDecimals(table.Header[0])))
        {
            Note("added the missing header", string.Join(',', KaggleHeader.Submission));
            table.Rows.Insert(0, (1, [.. table.Header]));
            return SubmissionColumns.InOrder;
        }

        if (columns.Missing.Any())
        {
            throw new InputException($"The submission cannot be repaired: it has no column {string.Join(", ", columns.Missing)}; " +
                $"its first line holds {string.Join(", ", table.Header)}.");
        }

        foreach (var name in columns.Extra)
            Note(SubmissionColumns.IsIndex(name) ? "dropped the index column" : "dropped superfluous columns", $"\"{name}\"");
        if (columns.Problems().Any(problem => problem.Kind == SubmissionProblemKind.Header)
            && !columns.Extra.Any(name => !SubmissionColumns.IsIndex(name)))
        {
            Note("restored the names and order of the columns", string.Join(',', table.Header));
        }

        return columns;
    }

    private string? FindId(string written, long line)
    {
        if (_known.Contains(written))
            return written;

        var id = SubmissionNumber.WithoutDecimals(written);
        if (_known.Contains(id))
        {
            Note("wrote ids without decimals", id);
            return id;
        }

        Note("dropped rows whose id the test data does not have", written.Length == 0 ? $"line {line}" : written);
        return null;
    }

    /// <summary>The prediction of a row, or null where it has none that can be made valid by scaling.</summary>
    private Preference? Parse(string[] cells, SubmissionColumns columns, string id)
    {
        Span<double> values = stackalloc double[3];
        for (var i = 0; i < values.Length; i++)
            values[i] = SubmissionNumber.Parse(cells[columns.Probabilities[i]]);

        // Scaling numbers of 1e300 could overflow; nobody meant them as probabilities.
        var sum = values[0] + values[1] + values[2];
        if (!(values[0] >= 0 && values[1] >= 0 && values[2] >= 0 && sum is > 0 and < 1e9))
            return null;
        if (Math.Abs(sum - 1) <= Preference.SumTolerance)
            return new Preference(values[0], values[1], values[2]);

        Note("rescaled probabilities to sum 1", id);
        return Preference.Normalised(values[0], values[1], values[2]);
    }

    private Preference? Merge(string id, List<Preference?> rows)
    {
        if (rows.Count == 1)
            return rows[0];

        var distinct = rows.OfType<Preference>().Distinct().ToList();
        Note(distinct.Count > 1 ? "averaged conflicting rows of the same id" : "dropped repeated rows", id);
        return Mean(distinct.Select(row => (Preference?)row));
    }

    private static Preference? Mean(IEnumerable<Preference?> rows)
    {
        var (a, b, tie, count) = (0.0, 0.0, 0.0, 0);
        foreach (var row in rows.OfType<Preference>())
            (a, b, tie, count) = (a + row.A, b + row.B, tie + row.Tie, count + 1);
        return count == 0 ? null : Preference.Normalised(a, b, tie);
    }

    private Preference Fill(string id, Preference? mean, bool hadRow)
    {
        var what = hadRow ? "replaced rows without valid probabilities by" : "added missing ids with";
        Note($"{what} {(mean is null ? "one third each" : "the mean of the valid rows")}", id);
        return mean ?? Preference.Uniform;
    }

    private Preference Raise(string id, Preference row)
    {
        if (row.A >= Floor && row.B >= Floor && row.Tie >= Floor)
            return row;

        Note($"raised probabilities below {Floor} to it", id);
        return Preference.Normalised(Math.Max(row.A, Floor), Math.Max(row.B, Floor), Math.Max(row.Tie, Floor));
    }

    private void Note(string action, string item)
    {
        if (!_changes.TryGetValue(action, out var items))
            _changes[action] = items = [];
        items.Add(item);
    }
}
