using Tiebreak.Core.Battles;

namespace Tiebreak.Data.Reading;

/// <summary>
/// The names of columns that a reader knows. A column that differs only in case, blanks and signs (<c>Model A</c>) resembles one.
/// </summary>
internal sealed class KnownColumns
{
    private readonly HashSet<string> _names;
    private readonly Dictionary<string, string> _bySpelling;

    /// <param name="names">The names; of several that resemble each other, Tiebreak's own is meant.</param>
    public KnownColumns(IEnumerable<string> names)
    {
        _names = names.ToHashSet(StringComparer.Ordinal);
        _bySpelling = _names.GroupBy(ColumnMap.Spelling, StringComparer.Ordinal).ToDictionary(
            group => group.Key,
            group => group.FirstOrDefault(BattleMapping.Names.Contains) ?? group.Min(StringComparer.Ordinal)!,
            StringComparer.Ordinal);
    }

    /// <summary>True for one of the names.</summary>
    public bool Contains(string column) => _names.Contains(column);

    /// <summary>The name that a column resembles, or null.</summary>
    public string? Resembled(string column) => _bySpelling.GetValueOrDefault(ColumnMap.Spelling(column));
}
