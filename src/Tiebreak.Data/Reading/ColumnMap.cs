using Tiebreak.Core.Battles;

namespace Tiebreak.Data.Reading;

/// <summary>
/// What the columns (or keys) of one file are called here: as its user has said; otherwise a name that differs from a known one only in
/// case, blanks and signs (<c>Model A</c>) is that name.
/// </summary>
internal sealed class ColumnMap
{
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    /// <summary>Every column has the name that it is written with.</summary>
    public ColumnMap()
    {
    }

    /// <param name="columns">The columns of the file, as they are written.</param>
    /// <param name="mapping">What the user has said; null for nothing.</param>
    /// <param name="known">The names that the reader knows.</param>
    public ColumnMap(IReadOnlyCollection<string> columns, BattleMapping? mapping, KnownColumns known)
    {
        var told = (mapping?.Columns ?? new Dictionary<string, string>(StringComparer.Ordinal))
            .Select(pair => (Name: pair.Key, Told: pair.Value, Column: Find(columns, pair.Value))).ToList();
        var mapped = told.Where(pair => pair.Column is not null)
            .ToDictionary(pair => pair.Column!, pair => pair.Name, StringComparer.Ordinal);
        var taken = mapped.Values.Concat(columns.Where(known.Contains)).ToHashSet(StringComparer.Ordinal);
        foreach (var column in columns)
        {
            var name = mapped.TryGetValue(column, out var mappedName) ? mappedName
                : known.Contains(column) ? (mapped.ContainsValue(column) ? "" : column)
                : known.Resembled(column) is { } resembled && taken.Add(resembled) ? resembled : column;
            if (!string.Equals(name, column, StringComparison.Ordinal))
                _names[column] = name;
        }

        // Later rows of JSON may have keys that the first have not.
        foreach (var (name, column, _) in told.Where(pair => pair.Column is null && !columns.Contains(pair.Name, StringComparer.Ordinal)))
            _names[column] = name;
    }

    /// <summary>True if every column keeps its own name.</summary>
    public bool IsIdentity => _names.Count == 0;

    /// <summary>
    /// What a column is called here; an empty name, which nothing reads, for one whose name the user has given to another column.
    /// </summary>
    public string this[string column] => _names.Count > 0 && _names.TryGetValue(column, out var name) ? name : column;

    /// <summary>A name without case, blanks and signs.</summary>
    public static string Spelling(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToUpperInvariant();

    /// <summary>The column that a user means: the one of this name, else of this spelling; null for none.</summary>
    public static string? Find(IReadOnlyCollection<string> columns, string name) =>
        columns.FirstOrDefault(column => string.Equals(column, name, StringComparison.Ordinal))
        ?? columns.FirstOrDefault(column => string.Equals(Spelling(column), Spelling(name), StringComparison.Ordinal));
}
