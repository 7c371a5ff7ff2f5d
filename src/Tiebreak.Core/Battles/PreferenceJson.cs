using System.Text.Json;

namespace Tiebreak.Core.Battles;

/// <summary>A preference as a JSON list of three numbers in label order: <c>[0.5,0.3,0.2]</c>.</summary>
internal static class PreferenceJson
{
    /// <summary>Writes the list; numbers round-trip exactly.</summary>
    public static void Write(Utf8JsonWriter writer, Preference preference)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue(preference.A);
        writer.WriteNumberValue(preference.B);
        writer.WriteNumberValue(preference.Tie);
        writer.WriteEndArray();
    }

    /// <summary>Reads the list; JSON null is null.</summary>
    /// <exception cref="FormatException">Not three numbers from 0 to 1 that sum to 1.</exception>
    public static Preference? Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return null;

        Span<double> values = stackalloc double[3];
        var count = 0;
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.Number && count < 3)
                values[count++] = reader.GetDouble();
        }

        var preference = new Preference(values[0], values[1], values[2]);
        return count == 3 && reader.TokenType == JsonTokenType.EndArray && preference.IsValid
            ? preference
            : throw new FormatException("has a preference that is not three probabilities (A, B, tie) that sum to 1");
    }
}
