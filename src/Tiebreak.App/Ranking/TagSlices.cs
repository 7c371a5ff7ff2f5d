using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Data.Layouts;

namespace Tiebreak.App.Ranking;

/// <summary>
/// Slices by a column that may hold several tags of a vote, such as the Arena's <c>category_tag</c>. As a label, tags are the JSON in which
/// files have them: a list of texts, or an object of truth values.
/// </summary>
internal static class TagSlices
{
    /// <summary>The columns that battles have their tags under.</summary>
    public static bool IsName(string name) => name is "tag" or "category_tag";

    /// <summary>The tags of each battle as a label, empty where it has none; null if no battle has any.</summary>
    public static string[]? Labels(IReadOnlyList<Battle> battles)
    {
        string[] labels = [.. battles.Select(battle => battle.Tags is { Count: > 0 } tags ? RecordTags.ToText(tags) : "")];
        return Array.Exists(labels, label => label.Length > 0) ? labels : null;
    }

    /// <summary>The slices, the largest first; a vote is in one for each of its tags.</summary>
    public static Slicing Cut(string name, string[] labels)
    {
        var tags = labels.Distinct(StringComparer.Ordinal).ToDictionary(
            label => label, label => RecordTags.OfText(label).Distinct(StringComparer.Ordinal).ToArray(), StringComparer.Ordinal);
        var groups = Enumerable.Range(0, labels.Length).SelectMany(row => tags[labels[row]].Select(tag => (Tag: tag, Row: row)))
            .GroupBy(pair => pair.Tag, pair => pair.Row, StringComparer.Ordinal)
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal);
        return new Slicing(name, name, [.. groups.Select(group => new Slice(group.Key, [.. group]))]);
    }
}
