using System.Text.Json;
using Tiebreak.Core.Json;

namespace Tiebreak.Data.Layouts;

/// <summary>JSON as the plain values of a <see cref="Record"/>.</summary>
internal static class JsonValue
{
    /// <summary>The value that the reader stands on; the reader ends on its last token.</summary>
    /// <exception cref="JsonException">Not valid JSON, nested more than 64 deep, or an object has a name twice.</exception>
    public static object? Read(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => JsonText.Read(ref reader),
        // Not one type for both: ids exceed what a double holds exactly.
        JsonTokenType.Number => reader.TryGetInt64(out var integer) ? (object)integer : reader.GetDouble(),
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.StartArray => ReadList(ref reader),
        JsonTokenType.StartObject => ReadObject(ref reader),
        _ => null,
    };

    /// <summary>Reads a text that is one value.</summary>
    /// <returns>False if it is not valid JSON.</returns>
    public static bool TryRead(ReadOnlySpan<byte> json, out object? value)
    {
        value = null;
        try
        {
            var reader = new Utf8JsonReader(json);
            reader.Read();
            value = Read(ref reader);
            return !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static List<object?> ReadList(ref Utf8JsonReader reader)
    {
        var items = new List<object?>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            items.Add(Read(ref reader));
        return items;
    }

    private static Dictionary<string, object?> ReadObject(ref Utf8JsonReader reader)
    {
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = JsonText.Read(ref reader);
            reader.Read();
            if (!values.TryAdd(name, Read(ref reader)))
                throw new JsonException($"an object has \"{name}\" twice");
        }

        return values;
    }
}
