using Tiebreak.Reports.Documents;

namespace Tiebreak.App.Ranking;

/// <summary>Numbers of things in words.</summary>
internal static class Counted
{
    /// <summary>"1 vote" or "2 votes".</summary>
    public static string Of(int count, string one, string many) => $"{NumberText.Count(count)} {(count == 1 ? one : many)}";

    /// <summary>The first few names, and how many more there are.</summary>
    public static string Names(IReadOnlyList<string> names)
    {
        const int Most = 5;
        return string.Join(", ", names.Take(Most)) + (names.Count > Most ? $" and {NumberText.Count(names.Count - Most)} more" : "");
    }
}
