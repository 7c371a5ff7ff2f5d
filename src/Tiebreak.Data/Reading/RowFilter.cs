using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Tiebreak.Core;
using Tiebreak.Core.Json;
using Tiebreak.Data.Layouts;

namespace Tiebreak.Data.Reading;

/// <summary>
/// Keeps the rows that have certain values in certain columns of the file. Of several values for one column any will do; case does not
/// matter, so that <c>true</c> is also Python's <c>True</c>. Used on several threads at once.
/// </summary>
internal sealed class RowFilter
{
    private readonly Dictionary<string, string[]> _values;
    private readonly ConcurrentDictionary<string, bool> _unseen; // columns that no row has had yet

    private RowFilter(Dictionary<string, string[]> values, IEnumerable<string> unseen) =>
        (_values, _unseen) = (values, new(unseen.Select(column => KeyValuePair.Create(column, true)), StringComparer.Ordinal));

    /// <summary>The columns that are looked at, as the file names them.</summary>
    public IReadOnlyCollection<string> Columns => _values.Keys;

    /// <summary>Whether it looks at a column of the file.</summary>
    public bool Has(string column) => _values.ContainsKey(column);

    /// <summary>The filter of a file; null to keep every row.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="columns">Its columns, or the keys of its first rows.</param>
    /// <param name="areAll">False where later rows may have others.</param>
    /// <param name="where">Columns with values.</param>
    /// <exception cref="InputException">The file has not such a column.</exception>
    public static RowFilter? Of(
        string path, IReadOnlyCollection<string> columns, bool areAll, IReadOnlyList<(string Column, string Value)> where)
    {
        if (where.Count == 0)
            return null;

        var unseen = where.Select(pair => pair.Column).Where(column => ColumnMap.Find(columns, column) is null)
            .ToHashSet(StringComparer.Ordinal);
        if (areAll && unseen.Count > 0)
        {
            throw new InputException(
                $"{path} has no column \"{unseen.First()}\" to choose rows by (`where`); its columns are {ColumnNames.List([.. columns])}.")
            {
                Parameters = ["where"],
            };
        }

        return new RowFilter(
            where.GroupBy(pair => ColumnMap.Find(columns, pair.Column) ?? pair.Column, StringComparer.Ordinal).ToDictionary(
                group => group.Key, group => group.Select(pair => pair.Value.Trim()).ToArray(), StringComparer.Ordinal),
            unseen);
    }

    /// <summary>Ask when all rows have been read.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="columns">The keys of its first rows.</param>
    /// <exception cref="InputException">Not one row has had one of the columns.</exception>
    public void ThrowIfUnseen(string path, IReadOnlyCollection<string> columns)
    {
        if (_unseen.Keys.FirstOrDefault() is { } column)
        {
            throw new InputException(
                $"{path} has no key \"{column}\" to choose rows by (`where`), in any row; "
                    + $"the first rows have {ColumnNames.List([.. columns])}.")
            {
                Parameters = ["where"],
            };
        }
    }

    /// <summary>Whether a row is kept.</summary>
    /// <param name="valueOf">The value of a column.</param>
    public bool Keeps(Func<string, object?> valueOf) => _values.All(pair => IsAny(valueOf(pair.Key), pair.Value));

    /// <summary>Whether the row of a JSON object is kept. One that is damaged is: whoever reads it says so.</summary>
    public bool Keeps(ReadOnlySpan<byte> json)
    {
        var found = new Dictionary<string, object?>(StringComparer.Ordinal);
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return true;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = JsonText.Read(ref reader);
                reader.Read();
                if (!_values.ContainsKey(name))
                {
                    reader.Skip();
                    continue;
                }

                found[name] = JsonValue.Read(ref reader);
                _unseen.TryRemove(name, out _);
            }
        }
        catch (JsonException)
        {
            return true;
        }

        return Keeps(found.GetValueOrDefault);
    }

    /// <summary>The filter in words: <c>language=English and anony=true</c>.</summary>
    public override string ToString() =>
        string.Join(" and ", _values.Select(pair => string.Join(" or ", pair.Value.Select(value => $"{pair.Key}={value}"))));

    private static bool IsAny(object? found, string[] values) => found is List<object?> list
        ? list.Exists(item => IsAny(item, values))
        : Array.Exists(values, value => string.Equals(
            Convert.ToString(found, CultureInfo.InvariantCulture)?.Trim() ?? "", value, StringComparison.OrdinalIgnoreCase));
}
