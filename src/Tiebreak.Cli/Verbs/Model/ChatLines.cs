using System.Text.Json;
using Tiebreak.Core;

namespace Tiebreak.Cli.Verbs.Model;

/// <summary>The input of <c>model chat</c>: one JSON object a line.</summary>
internal static class ChatLines
{
    /// <summary>Reads the lines one by one.</summary>
    /// <exception cref="InputException">The file is not there, or a line is not such an object.</exception>
    public static IEnumerable<ChatLine> Read(string path)
    {
        using var reader = TextLines.Open(path);
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            if (!string.IsNullOrWhiteSpace(line))
                yield return Parse(line, path, number);
        }
    }

    private static ChatLine Parse(string line, string path, int number)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            if (json.RootElement.ValueKind is not JsonValueKind.Object)
                throw new JsonException("no object");
            var root = json.RootElement.Clone();
            return new ChatLine(
                Member(root, "template", JsonValueKind.String) is { ValueKind: not JsonValueKind.Undefined } template
                    ? template.GetString()
                    : null,
                Member(root, "messages", JsonValueKind.Array),
                Member(root, "add_generation_prompt", JsonValueKind.True, JsonValueKind.False).ValueKind is JsonValueKind.True,
                Member(root, "variables", JsonValueKind.Object));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new InputException(
                $"{path}, line {number} is not an object such as {{\"messages\": [{{\"role\": \"user\", \"content\": \"Hello\"}}], "
                    + $"\"add_generation_prompt\": true}} ({exception.Message.Split(" LineNumber", 2)[0]}).",
                exception);
        }
    }

    // A member of one of the kinds; undefined where it is absent or null.
    private static JsonElement Member(JsonElement root, string name, params ReadOnlySpan<JsonValueKind> kinds) =>
        !root.TryGetProperty(name, out var member) || member.ValueKind is JsonValueKind.Null
            ? default
            : kinds.Contains(member.ValueKind) ? member : throw new JsonException($"\"{name}\" has a value of another kind");
}

/// <summary>A line of the input of <c>model chat</c>.</summary>
/// <param name="Template">Its own template; null: the one of the command line.</param>
/// <param name="Messages">The conversation; undefined: the template is rendered with nothing but variables.</param>
/// <param name="AddGenerationPrompt">Whether the beginning of an answer stands at the end.</param>
/// <param name="Variables">Further variables; undefined: none.</param>
internal sealed record ChatLine(string? Template, JsonElement Messages, bool AddGenerationPrompt, JsonElement Variables);
