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

    private RowFilter(Dictionary<string, string[]> values) => _values = values;

    /// <summary>The columns that are looked at, as the file names them.</summary>
    public IReadOnlyCollection<string> Columns => _values.Keys;

    /// <summary>Whether it looks at a column of the file.</summary>
    public bool Has(string column) => _values.ContainsKey(column);

    /// <summary>The filter of a file; null to keep every row.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="where">Columns with values.</param>
    /// <exception cref="InputException">The file has not such a column.</exception>
    public static RowFilter? Of(string path, IReadOnlyCollection<string> columns, IReadOnlyList<(string Column, string Value)> where)
    {
        if (where.Count == 0)
            return null;

        return new RowFilter(where.GroupBy(pair => pair.Column, StringComparer.Ordinal).ToDictionary(
            group => ColumnMap.Find(columns, group.Key) ?? throw new InputException(
                $"{path} has no column \"{group.Key}\" to choose rows by (`where`); its columns are {ColumnNames.List([.. columns])}.")
            {
                Parameters = ["where"],
            },
            group => group.Select(pair => pair.Value.Trim()).ToArray(),
            StringComparer.Ordinal));
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
                if (_values.ContainsKey(name))
                    found[name] = JsonValue.Read(ref reader);
                else
                    reader.Skip();
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
