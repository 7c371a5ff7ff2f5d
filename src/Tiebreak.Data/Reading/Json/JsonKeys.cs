using System.Text.Json;
using Tiebreak.Core.Json;

namespace Tiebreak.Data.Reading.Json;

/// <summary>The keys of a JSON object.</summary>
/// <param name="Keys">The keys in their order; those before a mistake if the text is no JSON object.</param>
/// <param name="IsWhole">False if there is a mistake.</param>
internal readonly record struct JsonKeys(List<string> Keys, bool IsWhole)
{
    /// <summary>The keys of an object.</summary>
    public static JsonKeys Of(ReadOnlySpan<byte> json)
    {
        var keys = new List<string>();
        var reader = new Utf8JsonReader(json);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return new JsonKeys(keys, IsWhole: false);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                keys.Add(JsonText.Read(ref reader));
                reader.Read();
                reader.Skip();
            }

            return new JsonKeys(keys, IsWhole: true);
        }
        catch (JsonException)
        {
            // Whoever reads the whole file reports the mistake with its line.
            return new JsonKeys(keys, IsWhole: false);
        }
    }

    /// <summary>Adds the keys of the rows of a block, until there are as many as wanted.</summary>
    public static void AddRows(Block block, int maxRecordBytes, int wanted, List<JsonKeys> rows)
    {
        var records = new JsonRecords(block, maxRecordBytes);
        while (rows.Count < wanted && records.Next() && !records.IsTooLarge)
            rows.Add(Of(records.Current));
    }
}
