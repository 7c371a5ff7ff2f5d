using Tiebreak.Core;
using Tiebreak.Data.Reading.Csv;

namespace Tiebreak.Data.Submissions;

/// <summary>What a repair has changed so far, by kind of change.</summary>
internal sealed class RepairNotes
{
    private readonly OrderedDictionary<string, List<string>> _changes = new(StringComparer.Ordinal);

    /// <summary>Notes a change.</summary>
    /// <param name="action">What was done, past tense.</param>
    /// <param name="item">What it was done to.</param>
    public void Add(string action, string item)
    {
        if (!_changes.TryGetValue(action, out var items))
            _changes[action] = items = [];
        items.Add(item);
    }

    /// <summary>Notes what becomes of the columns.</summary>
    /// <exception cref="InputException">A column that is needed is missing.</exception>
    public void AddHeader(string path, CsvTable table, SubmissionColumns columns)
    {
        if (columns.Missing.Any())
        {
            throw new InputException($"{path} cannot be repaired: it has no column {string.Join(", ", columns.Missing)}; " +
                $"its first line holds {string.Join(", ", table.Header)}.");
        }

        foreach (var name in columns.Extra)
            Add(SubmissionColumns.IsIndex(name) ? "dropped the index column" : "dropped superfluous columns", $"\"{name}\"");
        if (columns.Problems().Any(problem => problem.Kind == SubmissionProblemKind.Header)
            && !columns.Extra.Any(name => !SubmissionColumns.IsIndex(name)))
        {
            Add("restored the names and order of the columns", string.Join(',', table.Header));
        }
    }

    public List<RepairChange> ToList() => [.. _changes.Select(change => new RepairChange(change.Key, change.Value))];
}
