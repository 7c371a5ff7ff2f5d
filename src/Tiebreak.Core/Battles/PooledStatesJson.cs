using System.Text.Json;
using Tiebreak.Core.Json;

namespace Tiebreak.Core.Battles;

/// <summary>Pooled states in Tiebreak JSONL: an object with the lists of numbers <c>prompt?, response_a?, response_b?, pair?</c>.</summary>
internal static class PooledStatesJson
{
    public static void Write(Utf8JsonWriter writer, PooledStates states)
    {
        writer.WriteStartObject();
        Write(writer, "prompt", states.Prompt);
        Write(writer, "response_a", states.ResponseA);
        Write(writer, "response_b", states.ResponseB);
        Write(writer, "pair", states.Pair);
        writer.WriteEndObject();
    }

    /// <exception cref="FormatException">Not such an object.</exception>
    public static PooledStates? Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new FormatException("has \"states\" that are not an object");

        var states = new PooledStates(null, null, null, null);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = JsonText.Read(ref reader);
            reader.Read();
            switch (name)
            {
                case "prompt": states = states with { Prompt = Numbers(ref reader) }; break;
                case "response_a": states = states with { ResponseA = Numbers(ref reader) }; break;
                case "response_b": states = states with { ResponseB = Numbers(ref reader) }; break;
                case "pair": states = states with { Pair = Numbers(ref reader) }; break;
                default: reader.Skip(); break;
            }
        }

        return states;
    }

    private static void Write(Utf8JsonWriter writer, string name, IReadOnlyList<float>? values)
    {
        if (values is null)
            return;

        writer.WriteStartArray(name);
        foreach (var value in values)
            writer.WriteNumberValue(value);
        writer.WriteEndArray();
    }

    private static float[]? Numbers(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new FormatException("has \"states\" with something else than lists of numbers");

        var values = new List<float>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            values.Add(reader.TokenType == JsonTokenType.Number && reader.TryGetSingle(out var value) && float.IsFinite(value)
                ? value
                : throw new FormatException("has \"states\" with something else than numbers"));
        }

        return [.. values];
    }
}
