using System.Text.Json;
using Tiebreak.Core.Json;
using Tiebreak.Data.Reading;

namespace Tiebreak.Data.Layouts;

/// <summary>Makes rows of JSON objects in the layout of a public data set; used on many threads at once.</summary>
internal sealed class JsonRecordReader(LayoutReader layout, ColumnMap columns)
{
    public void Read(long line, ReadOnlySpan<byte> json, RowBuilder builder, List<BattleRow> rows) =>
        layout.Read(line, Values(json, builder), builder, rows);

    /// <summary>The values of the columns, up to the first byte that is not JSON, which is reported.</summary>
    private Dictionary<string, object?> Values(ReadOnlySpan<byte> json, RowBuilder builder)
    {
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        var entered = new Dictionary<string, object?>(StringComparer.Ordinal);
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                builder.Report("is not a JSON object");
                return values;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var key = JsonText.Read(ref reader);
                var name = columns[key];
                reader.Read();
                var isEntered = columns.IsEntered(key);
                if (!isEntered && !layout.Columns.Contains(name))
                {
                    reader.Skip();
                    continue;
                }

                var value = JsonValue.Read(ref reader);
                var isTwice = layout.Columns.Contains(name) && !values.TryAdd(name, value);
                isTwice |= isEntered && !entered.TryAdd(key, value);
                if (isTwice)
                    builder.Report($"has \"{key}\" twice");
            }

            if (reader.Read())
                builder.Report("has text after the JSON object");
        }
        catch (JsonException exception)
        {
            builder.Report($"is not valid JSON: {exception.Message.Split(" LineNumber", 2)[0].TrimEnd('.')}");
        }

        columns.Reach(entered, values);
        return values;
    }
}
