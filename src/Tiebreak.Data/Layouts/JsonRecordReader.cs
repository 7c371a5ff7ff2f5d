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
                var name = columns[JsonText.Read(ref reader)];
                reader.Read();
                if (!layout.Columns.Contains(name))
                    reader.Skip();
                else if (!values.TryAdd(name, JsonValue.Read(ref reader)))
                    builder.Report($"has \"{name}\" twice");
            }

            if (reader.Read())
                builder.Report("has text after the JSON object");
        }
        catch (JsonException exception)
        {
            builder.Report($"is not valid JSON: {exception.Message.Split(" LineNumber", 2)[0].TrimEnd('.')}");
        }

        return values;
    }
}
