namespace Tiebreak.Core.Evaluation;

/// <summary>
/// One way to cut a set of battles, for instance by language. A battle may be in several slices (it has two models), or in none.
/// </summary>
/// <param name="Name">The name on the command line and in JSON: <c>language</c>.</param>
/// <param name="Title">The name for people: "Language".</param>
/// <param name="Slices">The slices in the order in which people read them.</param>
public sealed record Slicing(string Name, string Title, IReadOnlyList<Slice> Slices)
{
    /// <summary>Cuts a set by a label of each battle; the largest slice comes first, of equal ones the first by name.</summary>
    /// <param name="name">The name on the command line and in JSON.</param>
    /// <param name="title">The name for people.</param>
    /// <param name="labels">The label of each battle; those whose label is empty are in no slice.</param>
    public static Slicing ByLabel(string name, string title, IReadOnlyList<string> labels)
    {
        var groups = Enumerable.Range(0, labels.Count).Where(row => labels[row].Length > 0)
            .GroupBy(row => labels[row], StringComparer.Ordinal)
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal);
        return new Slicing(name, title, [.. groups.Select(group => new Slice(group.Key, [.. group]))]);
    }
}
