using Tiebreak.Core;

namespace Tiebreak.Data.Reading;

/// <summary>Column names in messages, and their checks.</summary>
internal static class ColumnNames
{
    private const int MostShown = 12;
    private const int LongestShown = 40;

    /// <summary>The names in quotes; of many or long ones the beginning.</summary>
    public static string List(IReadOnlyList<string> names) =>
        Shortened.List(names.Select(name => $"\"{Shortened.Text(name, LongestShown)}\""), MostShown);

    /// <summary>The names themselves.</summary>
    /// <exception cref="InputException">A name stands there twice.</exception>
    public static List<string> Distinct(string path, List<string> names)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return names.Find(name => name.Length > 0 && !seen.Add(name)) is { } twice
            ? throw new InputException($"{path} has two columns \"{twice}\". Rename or remove one of them.")
            : names;
    }
}
