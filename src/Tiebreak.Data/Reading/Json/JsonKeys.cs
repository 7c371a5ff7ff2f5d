using System.Text.Json;
using Tiebreak.Core.Json;

namespace Tiebreak.Data.Reading.Json;

/// <summary>The keys of a JSON object.</summary>
internal static class JsonKeys
{
    /// <summary>The keys in their order; those before a mistake if the text is no JSON object.</summary>
    public static List<string> Of(ReadOnlySpan<byte> json)
    {
        var keys = new List<string>();
        var reader = new Utf8JsonReader(json);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return keys;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                keys.Add(JsonText.Read(ref reader));
                reader.Read();
                reader.Skip();
            }
        }
        catch (JsonException)
        {
            // Whoever reads the whole file reports the mistake with its line.
        }

        return keys;
    }
}
