using System.Text.Json;
using Tiebreak.Core.Json;
using Tiebreak.Data.Input;
using Tiebreak.Data.Json;

namespace Tiebreak.Data.Records;

/// <summary>The columns of a JSON file: the property names of its first row, up to the first byte of it that is not JSON.</summary>
internal static class JsonColumns
{
    /// <summary>The names, or null for a block without rows.</summary>
    public static HashSet<string>? Find(Block block, int maxRecordBytes)
    {
        var records = new JsonRecords(block, maxRecordBytes);
        return records.Next() ? Names(records.Current) : null;
    }

    private static HashSet<string> Names(ReadOnlySpan<byte> json)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return names;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                names.Add(JsonText.Read(ref reader));
                reader.Read();
                reader.Skip();
            }
        }
        catch (JsonException)
        {
            // The broken row is reported when the rows are read.
        }

        return names;
    }
}
