using System.Text.Json;
using Tiebreak.Core;
using Tiebreak.Core.Json;
using Tiebreak.Tokenization;

namespace Tiebreak.Cli.Verbs;

/// <summary>
/// The input of <c>tokenize</c>: one JSON object a line, with how the text is to be taken. Both flags are true where they are not given.
/// </summary>
internal static class TextLines
{
    /// <summary>Reads the texts one by one.</summary>
    /// <exception cref="InputException">The file is not there, or a line is not such an object.</exception>
    public static IEnumerable<(string Text, EncodeOptions Options)> Read(string path)
    {
        using var reader = Open(path);
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            if (!string.IsNullOrWhiteSpace(line))
                yield return Parse(line, path, number);
        }
    }

    /// <summary>Opens a file of lines.</summary>
    /// <exception cref="InputException">It cannot be read.</exception>
    public static StreamReader Open(string path)
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

    private static (string Text, EncodeOptions Options) Parse(string line, string path, int number)
    {
        try
        {
            return Parse(line);
        }
        catch (JsonException exception)
        {
            throw new InputException(
                $"{path}, line {number} is not an object such as {{\"text\": \"Hello\", \"add_special_tokens\": true, \"parse_special\": "
                    + $"true}} ({exception.Message.Split(" LineNumber", 2)[0]}).",
                exception);
        }
    }

    private static (string Text, EncodeOptions Options) Parse(string line)
    {
        var reader = new Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes(line));
        var (text, options) = (null as string, new EncodeOptions { AddSpecialTokens = true, ParseSpecial = true });
        if (!reader.Read() || reader.TokenType is not JsonTokenType.StartObject)
            throw new JsonException("no object");
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var name = JsonText.Read(ref reader);
            reader.Read();
            switch (name)
            {
                case "text":
                    text = JsonText.ReadOrNull(ref reader);
                    break;
                case "add_special_tokens":
                    options = options with { AddSpecialTokens = Flag(ref reader) };
                    break;
                case "parse_special":
                    options = options with { ParseSpecial = Flag(ref reader) };
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return (text ?? throw new JsonException("\"text\" is missing"), options);
    }

    private static bool Flag(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw new JsonException("a flag is neither true nor false"),
    };
}
