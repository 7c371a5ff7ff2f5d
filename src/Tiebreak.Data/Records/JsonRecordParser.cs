using System.Text.Json;
using System.Text.Unicode;
using Tiebreak.Core.Json;
using Tiebreak.Data.Input;
using Tiebreak.Data.Json;

namespace Tiebreak.Data.Records;

/// <summary>Parses blocks of JSON objects in the layout of a public data set, on many threads at once.</summary>
internal sealed class JsonRecordParser(string path, LayoutReader layout, BattleReadOptions options) : IBlockParser
{
    public ParsedBlock Parse(Block block)
    {
        var rows = new List<BattleRow>();
        var builder = new RowBuilder(path, options.Purpose);
        var records = new JsonRecords(block, options.MaxRecordBytes);
        while (records.Next())
        {
            if (records.IsTooLarge)
                return new ParsedBlock(rows, records.TooLarge(path));

            builder.Clear();
            if (!Utf8.IsValid(records.Current))
                builder.Report("is not valid UTF-8");
            rows.Add(layout.Read(records.Line, Values(records.Current, builder), builder));
        }

        return new ParsedBlock(rows, Error: null);
    }

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
                var name = JsonText.Read(ref reader);
                reader.Read();
                if (layout.Columns.Contains(name))
                    values[name] = JsonValue.Read(ref reader);
                else
                    reader.Skip();
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
