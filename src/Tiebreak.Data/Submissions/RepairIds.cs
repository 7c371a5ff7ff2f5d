using Tiebreak.Data.Reading;

namespace Tiebreak.Data.Submissions;

/// <summary>Finds the test data's ids in a submission that is being repaired.</summary>
internal sealed class RepairIds(List<string> testIds)
{
    private readonly HashSet<string> _known = testIds.ToHashSet(IdComparer.Instance);

    public RepairNotes Notes { get; } = new();

    public bool IsKnown(string written) => _known.Contains(written);

    /// <summary>The id as the test data writes it; null for a row that the test data does not have.</summary>
    public string? Find(string written, long line)
    {
        if (!_known.TryGetValue(written, out var id))
        {
            Notes.Add("dropped rows whose id the test data does not have", written.Length == 0 ? $"line {line}" : written);
            return null;
        }

        if (!string.Equals(id, written, StringComparison.Ordinal))
            Notes.Add($"wrote ids {(id.Length < written.Length ? "without" : "with")} decimals", id);
        return id;
    }
}
