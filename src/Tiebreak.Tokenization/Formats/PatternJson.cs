using System.Text;
using Tiebreak.Tokenization.Splitting;

namespace Tiebreak.Tokenization.Formats;

/// <summary>A pattern of a tokenizer.json: <c>{"String": ..}</c> or <c>{"Regex": ..}</c>.</summary>
internal static class PatternJson
{
    public static ITextPattern Read(JsonPart json)
    {
        var literal = json["String"];
        if (!literal.IsPresent)
        {
            return json["Regex"].Text() is SpaceRunPattern.Regex
                ? new SpaceRunPattern()
                : new RegexPattern(json["Regex"].Text(), json.Path);
        }

        return literal.Text() is { Length: > 0 } text
            ? new LiteralPattern(Encoding.UTF8.GetBytes(text))
            : throw literal.Error("must not be empty.");
    }
}
