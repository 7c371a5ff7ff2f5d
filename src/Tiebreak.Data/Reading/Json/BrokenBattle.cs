using System.Text.Json;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Json;

namespace Tiebreak.Data.Reading.Json;

/// <summary>Saves what can be saved of a JSONL line that is no battle, so that a test row keeps its id and its readable texts.</summary>
internal static class BrokenBattle
{
    /// <summary>Reads id and texts up to the first byte that is not JSON. Of a name that is there twice, the first value counts.</summary>
    /// <param name="json">The line.</param>
    /// <param name="builder">Takes the texts.</param>
    /// <returns>The battle; its id is empty where none could be read.</returns>
    public static Battle Read(ReadOnlySpan<byte> json, RowBuilder builder)
    {
        var id = "";
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return new Battle { Id = id, Turns = [] };

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = JsonText.Read(ref reader);
                reader.Read();
                switch (name)
                {
                    case "id" when id.Length == 0 && reader.TokenType is JsonTokenType.String or JsonTokenType.Number:
                        id = JsonText.Read(ref reader);
                        break;
                    case "prompt" when builder.Prompts.Count == 0: ReadTexts(ref reader, builder.Prompts); break;
                    case "response_a" when builder.ResponsesA.Count == 0: ReadTexts(ref reader, builder.ResponsesA); break;
                    case "response_b" when builder.ResponsesB.Count == 0: ReadTexts(ref reader, builder.ResponsesB); break;
                    default: reader.Skip(); break;
                }
            }
        }
        catch (JsonException)
        {
            // What was read before the damage is what there is; the damage itself is already reported.
        }

        return new Battle { Id = id, Turns = builder.Zip() };
    }

    private static void ReadTexts(ref Utf8JsonReader reader, List<string?> texts)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            ReadText(ref reader, texts);
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            ReadText(ref reader, texts);
    }

    private static void ReadText(ref Utf8JsonReader reader, List<string?> texts)
    {
        texts.Add(reader.TokenType == JsonTokenType.String ? JsonText.Read(ref reader) : null);
        reader.Skip();
    }
}
