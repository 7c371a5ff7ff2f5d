using System.Text.Json;
using System.Text.Json.Nodes;
using Tiebreak.Core;

namespace Tiebreak.App.Routing;

/// <summary>
/// Prompts to route, one JSON object a line: <c>{"id"?, "prompt"}</c>, the prompt a text or a list of turns, of which the first counts.
/// </summary>
internal static class PromptLines
{
    /// <summary>Reads the prompts one by one, with their ids or line numbers.</summary>
    /// <exception cref="InputException">The file is not there, or a line is not such an object.</exception>
    public static IEnumerable<(string Id, string Prompt)> Read(string path)
    {
        using var reader = Open(path);
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            if (!string.IsNullOrWhiteSpace(line))
                yield return Parse(path, line, number);
        }
    }

    private static StreamReader Open(string path)
    {
        try
        {
            return new StreamReader(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path} cannot be read: {exception.Message}", exception);
        }
    }

    private static (string Id, string Prompt) Parse(string path, string line, int number)
    {
        try
        {
            if (JsonNode.Parse(line) is JsonObject row)
            {
                var prompt = row["prompt"] is JsonArray turns ? (turns.Count > 0 ? (string?)turns[0] : null) : (string?)row["prompt"];
                if (!string.IsNullOrWhiteSpace(prompt))
                    return (row["id"]?.ToString() ?? number.ToString(System.Globalization.CultureInfo.InvariantCulture), prompt);
                throw new InputException(
                    $"{path}, line {number} has an empty \"prompt\", so that there is nothing to choose a model for. Leave the line out.");
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            // Said below.
        }

        throw new InputException(
            $"{path}, line {number} is not an object such as {{\"id\": \"1\", \"prompt\": \"Name a prime number.\"}}.");
    }
}
