using System.Text.Json;
using Tiebreak.Core.Json;
using Tiebreak.Data.Input;
using Tiebreak.Data.Json;

namespace Tiebreak.Data.Records;

/// <summary>The columns of a JSON file: the property names of its first readable object.</summary>
internal static class JsonColumns
{
    /// <summary>The names; none where no object of the block can be read.</summary>
    public static HashSet<string> Find(Block block, int maxRecordBytes)
    {
        var records = new JsonRecords(block, maxRecordBytes);
        while (records.Next() && !records.IsTooLarge)
        {
            if (Names(records.Current) is { Count: > 0 } names)
                return names;
        }

        return [];
    }

    private static HashSet<string>? Names(ReadOnlySpan<byte> json)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                names.Add(JsonText.Read(ref reader));
                reader.Read();
                reader.Skip();
            }

            return names;
        }
        catch (JsonException)
        {
            // A broken row is reported when the rows are read; a later one tells the columns.
            return null;
        }
    }
}
