namespace Tiebreak.Core.Judging;

/// <summary>Suggests names in place of one that is unknown.</summary>
internal static class NearestNames
{
    private const int Most = 3;

    /// <summary>The known names that differ least, nearest first.</summary>
    /// <param name="path">What was asked for; sections are separated by dots.</param>
    /// <param name="known">All names. One that ends alike in another section is as near as can be.</param>
    public static IReadOnlyList<string> Of(string path, IReadOnlyList<string> known) =>
    [
        .. known.OrderBy(name => Math.Min(Distance(path, name), Distance(Last(path), Last(name))))
            .ThenBy(name => name, StringComparer.Ordinal).Take(Most),
    ];

    private static string Last(string path) => path[(path.LastIndexOf('.') + 1)..];

    /// <summary>Levenshtein's distance: the fewest insertions, deletions and replacements of characters.</summary>
    private static int Distance(string from, string to)
    {
        // row[j]: the distance of what has been read of the first text to the first j characters of the second.
        int[] row = [.. Enumerable.Range(0, to.Length + 1)];
        for (var i = 0; i < from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i + 1;
            for (var j = 0; j < to.Length; j++)
            {
                var replaced = diagonal + (from[i] == to[j] ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(replaced, 1 + Math.Min(row[j], row[j + 1]));
            }
        }

        return row[^1];
    }
}
