using System.Text.Json;
using Tiebreak.Core.Json;

namespace Tiebreak.Core.Battles;

/// <summary>
/// Numbers that belong to battles, by name. A name that ends in <c>_a</c> or <c>_b</c> belongs to that side; every other one to the battle
/// as a whole. In Tiebreak JSONL they are an object.
/// </summary>
internal static class BattleNumbers
{
    /// <summary>The name of the same number of the other side; null for a number of the battle as a whole.</summary>
    public static string? OtherSide(string name) => name switch
    {
        [.., '_', 'a'] => name[..^1] + 'b',
        [.., '_', 'b'] => name[..^1] + 'a',
        [.., '_', 'A'] => name[..^1] + 'B',
        [.., '_', 'B'] => name[..^1] + 'A',
        _ => null,
    };

    /// <summary>The numbers of the battle with A and B exchanged.</summary>
    public static IReadOnlyDictionary<string, double>? Swapped(IReadOnlyDictionary<string, double>? numbers) =>
        numbers?.ToDictionary(number => OtherSide(number.Key) ?? number.Key, number => number.Value, StringComparer.Ordinal);

    public static void Write(Utf8JsonWriter writer, IReadOnlyDictionary<string, double> numbers)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in numbers.OrderBy(number => number.Key, StringComparer.Ordinal))
            writer.WriteNumber(name, value);
        writer.WriteEndObject();
    }

    /// <exception cref="FormatException">Not an object of numbers.</exception>
    public static Dictionary<string, double>? Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new FormatException("has \"numbers\" that are not an object");

        var numbers = new Dictionary<string, double>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = JsonText.Read(ref reader);
            reader.Read();
            if (reader.TokenType == JsonTokenType.Null)
                continue;
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetDouble(out var value) || !double.IsFinite(value))
                throw new FormatException("has \"numbers\" with something else than numbers");
            if (!numbers.TryAdd(name, value))
                throw new FormatException($"has the number \"{name}\" twice");
        }

        return numbers;
    }
}
