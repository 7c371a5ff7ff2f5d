using System.Text.Json;
using Tiebreak.Core.Json;

namespace Tiebreak.Core.Battles;

/// <summary>
/// A battle as one JSON object, the line of Tiebreak JSONL: <c>id, prompt[], response_a[], response_b[], model_a, model_b, winner,
/// language?, tstamp?, annotators?, annotator_ids?, tags?, source?, license?, soft_label?, states?, numbers?</c>. The three texts have one
/// element per turn (string or null), or are plain strings for a single turn; <c>judge</c> is read as the one who gave the verdict.
/// Properties of other names are skipped; one of these names twice is an error, because readers differ in which they believe.
/// </summary>
public static class BattleJson
{
    internal static readonly string[] Names =
    [
        "id", "prompt", "response_a", "response_b", "model_a", "model_b", "winner", "language", "tstamp", "annotators", "tags", "source",
        "license", "soft_label", "states", "numbers", "annotator_ids", "judge",
    ];

    /// <summary>Reads one object.</summary>
    /// <param name="json">UTF-8 JSON, nothing before or after the object but white space.</param>
    /// <exception cref="FormatException">Not a battle; the message says why, without the place.</exception>
    public static Battle Read(ReadOnlySpan<byte> json)
    {
        var read = Read(json, words: null);
        return read.UnknownWinner is { } winner ? throw new FormatException(VerdictText.Unknown(winner))
            : read.UnreadTime is { } time ? throw new FormatException(TimeText.Unreadable(time))
            : read.Battle;
    }

    /// <summary>Reads one object, and says which of its values could not be used.</summary>
    /// <param name="json">UTF-8 JSON, nothing before or after the object but white space.</param>
    /// <param name="words">What words for winners mean, where they have a meaning of their own; null for the usual ones.</param>
    /// <param name="defaultId">The id of a battle that has none; null where every battle must have one.</param>
    /// <param name="unknown">Receives the names of properties that are skipped; null where nobody wants to know.</param>
    /// <exception cref="FormatException">Not a battle; the message says why, without the place.</exception>
    internal static ReadBattle Read(
        ReadOnlySpan<byte> json, IReadOnlyDictionary<string, Verdict>? words, string? defaultId = null,
        ICollection<string>? unknown = null)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                throw new FormatException("is not a JSON object");

            var battle = Read(ref reader, defaultId, unknown, out var winner, out var unreadTime);
            var isKnown = VerdictText.TryParse(winner, words, battle.ModelA, battle.ModelB, out var verdict);
            return reader.Read()
                ? throw new FormatException("has text after the JSON object")
                : new ReadBattle(verdict is null ? battle : battle with { Verdict = verdict }, isKnown ? null : winner, unreadTime);
        }
        catch (JsonException exception)
        {
            throw new FormatException($"is not valid JSON: {exception.Message.Split(" LineNumber", 2)[0].TrimEnd('.')}", exception);
        }
    }

    /// <summary>Writes one object. Properties without a value are left out; verdicts are the Arena's words.</summary>
    public static void Write(Utf8JsonWriter writer, Battle battle)
    {
        writer.WriteStartObject();
        writer.WriteString("id", battle.Id);
        WriteTexts(writer, "prompt", battle.Turns, turn => turn.Prompt);
        WriteTexts(writer, "response_a", battle.Turns, turn => turn.ResponseA);
        WriteTexts(writer, "response_b", battle.Turns, turn => turn.ResponseB);
        WriteOptional(writer, "model_a", battle.ModelA);
        WriteOptional(writer, "model_b", battle.ModelB);
        WriteOptional(writer, "winner", battle.Verdict is { } verdict ? VerdictText.Format(verdict) : null);
        WriteOptional(writer, "language", battle.Language);
        if (battle.Timestamp is { } timestamp)
            writer.WriteNumber("tstamp", (timestamp - DateTimeOffset.UnixEpoch).TotalSeconds);
        WriteOptional(writer, "annotators", battle.Annotators);
        WriteOptional(writer, "annotator_ids", battle.AnnotatorIds);
        WriteOptional(writer, "tags", battle.Tags);
        WriteOptional(writer, "source", battle.Source);
        WriteOptional(writer, "license", battle.License);
        if (battle.SoftLabel is { } label)
        {
            writer.WritePropertyName("soft_label");
            PreferenceJson.Write(writer, label);
        }

        if (battle.States is { } states)
        {
            writer.WritePropertyName("states");
            PooledStatesJson.Write(writer, states);
        }

        if (battle.Numbers is { } numbers)
        {
            writer.WritePropertyName("numbers");
            BattleNumbers.Write(writer, numbers);
        }

        writer.WriteEndObject();
    }

    private static Battle Read(
        ref Utf8JsonReader reader, string? defaultId, ICollection<string>? unknown, out string? winner, out string? unreadTime)
    {
        (winner, unreadTime) = (null, null);
        List<string?>? prompts = null, responsesA = null, responsesB = null;
        var seen = 0; // a bit for each of the names
        var battle = new Battle { Id = "", Turns = [] };
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = JsonText.Read(ref reader);
            if (Array.IndexOf(Names, name) is >= 0 and var place)
            {
                if ((seen & (1 << place)) != 0)
                    throw new FormatException($"has \"{name}\" twice");
                seen |= 1 << place;
            }

            reader.Read();
            switch (name)
            {
                case "id": battle = battle with { Id = ReadId(ref reader) }; break;
                case "prompt": prompts = ReadTexts(ref reader, name); break;
                case "response_a": responsesA = ReadTexts(ref reader, name); break;
                case "response_b": responsesB = ReadTexts(ref reader, name); break;
                case "model_a": battle = battle with { ModelA = JsonText.ReadOrNull(ref reader) }; break;
                case "model_b": battle = battle with { ModelB = JsonText.ReadOrNull(ref reader) }; break;
                case "winner": winner = ReadWinner(ref reader); break;
                case "language": battle = battle with { Language = JsonText.ReadOrNull(ref reader) }; break;
                case "tstamp": battle = battle with { Timestamp = ReadTimestamp(ref reader, ref unreadTime) }; break;
                case "annotators": battle = battle with { Annotators = ReadList(ref reader, name) }; break;
                case "annotator_ids": battle = battle with { AnnotatorIds = ReadList(ref reader, name) }; break;
                case "judge": battle = battle with { AnnotatorIds = battle.AnnotatorIds ?? ReadJudge(ref reader) }; break;
                case "tags": battle = battle with { Tags = ReadList(ref reader, name) }; break;
                case "source": battle = battle with { Source = JsonText.ReadOrNull(ref reader) }; break;
                case "license": battle = battle with { License = JsonText.ReadOrNull(ref reader) }; break;
                case "soft_label": battle = battle with { SoftLabel = PreferenceJson.Read(ref reader) }; break;
                case "states": battle = battle with { States = PooledStatesJson.Read(ref reader) }; break;
                case "numbers": battle = battle with { Numbers = BattleNumbers.Read(ref reader) }; break;
                default:
                    unknown?.Add(name);
                    reader.Skip();
                    break;
            }
        }

        if (battle.Id.Length == 0)
            battle = battle with { Id = defaultId ?? throw new FormatException("has no \"id\"") };
        if (prompts is null || responsesA is null || responsesB is null)
            throw new FormatException($"has no \"{(prompts is null ? "prompt" : responsesA is null ? "response_a" : "response_b")}\"");
        return battle with { Turns = Zip(prompts, responsesA, responsesB) };
    }

    /// <summary>Turns out of the three parallel lists.</summary>
    /// <exception cref="FormatException">The lists differ in length.</exception>
    public static Turn[] Zip(List<string?> prompts, List<string?> responsesA, List<string?> responsesB)
    {
        if (prompts.Count != responsesA.Count || prompts.Count != responsesB.Count)
        {
            throw new FormatException($"has {prompts.Count} prompts but {responsesA.Count} responses of A and {responsesB.Count} of B; "
                + "every turn needs one of each (null where missing)");
        }

        if (prompts.Count == 0)
            throw new FormatException("has no turn");

        var turns = new Turn[prompts.Count];
        for (var i = 0; i < turns.Length; i++)
            turns[i] = new Turn(prompts[i], responsesA[i], responsesB[i]);
        return turns;
    }

    private static List<string?> ReadTexts(ref Utf8JsonReader reader, string name) => reader.TokenType switch
    {
        JsonTokenType.StartArray => JsonText.ReadList(ref reader),
        JsonTokenType.String or JsonTokenType.Null => [JsonText.ReadOrNull(ref reader)],
        _ => throw new FormatException($"has a \"{name}\" that is neither a text nor a list of texts"),
    };

    // A score of A is a number; which model won may also be a truth value, which is no known word and said as it stands.
    private static string? ReadWinner(ref Utf8JsonReader reader) =>
        reader.TokenType is JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False
            ? System.Text.Encoding.UTF8.GetString(reader.ValueSpan)
            : JsonText.ReadOrNull(ref reader);

    // A text or number; of what else stands there nothing is known.
    private static string[]? ReadJudge(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is JsonTokenType.String or JsonTokenType.Number)
            return [ReadId(ref reader)];
        reader.Skip();
        return null;
    }

    private static string ReadId(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => JsonText.Read(ref reader),
        JsonTokenType.Number => System.Text.Encoding.UTF8.GetString(reader.ValueSpan),
        _ => throw new FormatException("has an \"id\" that is neither a text nor a number"),
    };

    private static DateTimeOffset? ReadTimestamp(ref Utf8JsonReader reader, ref string? unread)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return null;

        if (reader.TokenType == JsonTokenType.String)
        {
            var text = JsonText.Read(ref reader);
            var time = TimeText.Parse(text);
            if (time is null && !string.IsNullOrWhiteSpace(text))
                unread = text;
            return time;
        }

        if (reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var number) && TimeText.OfNumber(number) is { } known)
            return known;
        unread = JsonText.ReadRaw(ref reader);
        return null;
    }

    private static List<string>? ReadList(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new FormatException($"has \"{name}\" that are not a list");

        var items = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            items.Add(reader.TokenType is JsonTokenType.String ? JsonText.Read(ref reader) : JsonText.ReadRaw(ref reader));

        return items;
    }

    private static void WriteTexts(Utf8JsonWriter writer, string name, IReadOnlyList<Turn> turns, Func<Turn, string?> text)
    {
        writer.WriteStartArray(name);
        foreach (var turn in turns)
            writer.WriteStringValue(text(turn));
        writer.WriteEndArray();
    }

    private static void WriteOptional(Utf8JsonWriter writer, string name, IReadOnlyList<string>? values)
    {
        if (values is null)
            return;

        writer.WriteStartArray(name);
        foreach (var value in values)
            writer.WriteStringValue(value);
        writer.WriteEndArray();
    }

    private static void WriteOptional(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
            writer.WriteString(name, value);
    }
}

/// <summary>A battle as it was read.</summary>
/// <param name="Battle">The battle, without what could not be used.</param>
/// <param name="UnknownWinner">A winner that is no known word; null where there was none.</param>
/// <param name="UnreadTime">A time that cannot be read; null where there was none.</param>
internal readonly record struct ReadBattle(Battle Battle, string? UnknownWinner, string? UnreadTime);
