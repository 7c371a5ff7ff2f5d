using System.Text.Json;
using Tiebreak.Core.Battles;
using Tiebreak.Explorer.Index;

namespace Tiebreak.Explorer.Pages;

/// <summary>Battles of a list as JSON and as rows of a table, with the names of the columns of facts.</summary>
internal static class BattleJsonLines
{
    public static IReadOnlyList<string> Columns { get; } =
    [
        "number", "id", "model_a", "model_b", "winner", "turns", "prompt_length", "length_a", "length_b", "tokens", "language", "source",
        "findings", "prompt",
    ];

    public static string[] Row(BattleLine line) =>
    [
        Invariant($"{line.Number}"), line.Id, line.ModelA ?? "", line.ModelB ?? "", WinnerOf(line) ?? "", Invariant($"{line.Turns}"),
        Invariant($"{line.PromptLength}"), Invariant($"{line.LengthA}"), Invariant($"{line.LengthB}"), Invariant($"{line.Tokens}"),
        line.Language, line.Source ?? "", string.Join(' ', line.Findings), line.PromptStart,
    ];

    public static void Write(Utf8JsonWriter json, BattleLine line)
    {
        json.WriteStartObject();
        json.WriteNumber("number", line.Number);
        json.WriteString("id", line.Id);
        json.WriteString("model_a", line.ModelA);
        json.WriteString("model_b", line.ModelB);
        json.WriteString("winner", WinnerOf(line));
        json.WriteNumber("turns", line.Turns);
        json.WriteNumber("prompt_length", line.PromptLength);
        json.WriteNumber("length_a", line.LengthA);
        json.WriteNumber("length_b", line.LengthB);
        json.WriteNumber("tokens", line.Tokens);
        json.WriteString("language", line.Language);
        json.WriteString("source", line.Source);
        json.WriteStartArray("findings");
        foreach (var finding in line.Findings)
            json.WriteStringValue(finding);
        json.WriteEndArray();
        json.WriteString("prompt", line.PromptStart);
        if (line.Preference is { } preference)
        {
            json.WritePropertyName("preference");
            PreferenceJson.Write(json, preference);
        }

        if (line.Loss is { } loss && double.IsFinite(loss))
            json.WriteNumber("loss", loss);
        json.WriteEndObject();
    }

    private static string? WinnerOf(BattleLine line) => line.Verdict is { } verdict ? VerdictText.Format(verdict) : null;
}
