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
        Paths =
        [
            .. told.Where(pair => pair.Column is null).Select(pair => ColumnPath.Parse(pair.Name, pair.Told, columns)).OfType<ColumnPath>(),
        ];
        var reached = Paths.Select(path => path.Name).ToHashSet(StringComparer.Ordinal);
        var taken = mapped.Values.Concat(reached).Concat(columns.Where(known.Contains)).ToHashSet(StringComparer.Ordinal);
        foreach (var column in columns)
        {
            var name = mapped.TryGetValue(column, out var mappedName) ? mappedName
                : known.Contains(column) ? (mapped.ContainsValue(column) || reached.Contains(column) ? "" : column)
                : known.Resembled(column) is { } resembled && taken.Add(resembled) ? resembled : column;
            if (!string.Equals(name, column, StringComparison.Ordinal))
                _names[column] = name;
        }

        // Later rows of JSON may have keys that the first have not.
        foreach (var (name, column, _) in told.Where(pair =>
            pair.Column is null && !reached.Contains(pair.Name) && !columns.Contains(pair.Name, StringComparer.Ordinal)))
        {
            _names[column] = name;
        }
    }

    /// <summary>Values within columns that have names of their own.</summary>
    public IReadOnlyList<ColumnPath> Paths { get; } = [];

    /// <summary>True if every column keeps its own name, and nothing within one has a name.</summary>
    public bool IsIdentity => _names.Count == 0 && Paths.Count == 0;

    /// <summary>Whether a path leads into a column.</summary>
    public bool IsEntered(string column) =>
        Paths.Count > 0 && Paths.Any(path => string.Equals(path.Column, column, StringComparison.Ordinal));

    /// <summary>What columns, and values within them, are called here.</summary>
    public HashSet<string> NamesOf(IEnumerable<string> columns)
    {
        var found = columns.ToHashSet(StringComparer.Ordinal);
        return found.Select(column => this[column])
            .Concat(Paths.Where(path => found.Contains(path.Column)).Select(path => path.Name)).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The path that the user gave to a value, as it was written; null where there is none.</summary>
    public string? PathTo(string name) => Paths.FirstOrDefault(path => string.Equals(path.Name, name, StringComparison.Ordinal))?.Told;

    /// <summary>Adds the values that paths lead to.</summary>
    /// <param name="entered">The values of the columns that paths lead into.</param>
    /// <param name="values">Takes the values by their names here.</param>
    public void Reach(Dictionary<string, object?> entered, Dictionary<string, object?> values)
    {
        foreach (var path in Paths)
        {
            if (entered.TryGetValue(path.Column, out var column) && path.TryFind(column, out var value))
                values[path.Name] = value;
        }
    }

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
