using System.Text.Json;
using Tiebreak.Core.Json;

namespace Tiebreak.Data.Layouts.Kaggle;

/// <summary>A cell of the competition: a JSON list of strings and nulls, <c>["Hi", null]</c>.</summary>
internal static class JsonTextList
{
    /// <summary>Reads a cell.</summary>
    /// <param name="json">UTF-8 JSON.</param>
    /// <param name="texts">Takes the elements; unspecified after failure.</param>
    /// <param name="reason">Why the cell is no such list, or null.</param>
    public static bool TryRead(ReadOnlySpan<byte> json, List<string?> texts, out string? reason)
    {
        reason = null;
        if (json.Trim(" \t\r\n"u8).IsEmpty)
        {
            reason = "it is empty";
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(json);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartArray)
                throw new JsonException($"it is a {reader.TokenType}");
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                texts.Add(JsonText.ReadOrNull(ref reader));
            reader.Read();
            return true;
        }
        catch (JsonException exception)
        {
            reason = exception.Message.Split(" LineNumber", 2)[0].TrimEnd('.');
            return false;
        }
    }
}
