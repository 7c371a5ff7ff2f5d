using System.Text.Json;
using Tiebreak.Testing;

namespace Tiebreak.Tokenization.Tests;

/// <summary>A text and the ids that a reference tokenizer gives for it. See shared/golden/tokenizers/README.md.</summary>
internal sealed record GoldenCase(string Id, string Text, EncodeOptions Options, int[] Ids)
{
    /// <summary>Start and end in UTF-16 units of every token, where the reference gives them.</summary>
    public TextRange[]? Places { get; init; }

    /// <summary>What decoding the ids gives.</summary>
    public required string Decoded { get; init; }

    public static List<GoldenCase> Read(string family, string file)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Repository.Shared("golden", "tokenizers", family, file)));
        return [.. json.RootElement.GetProperty("cases").EnumerateArray().Select(Read)];
    }

    private static GoldenCase Read(JsonElement item)
    {
        var text = item.GetProperty("text").GetString()!;
        var options = new EncodeOptions
        {
            AddSpecialTokens = item.GetProperty("add_special_tokens").GetBoolean(),
            ParseSpecial = item.GetProperty("parse_special").GetBoolean(),
        };
        return new GoldenCase(
            item.GetProperty("id").GetString()!, text, options, [.. item.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())])
        {
            Decoded = item.TryGetProperty("decoded", out var decoded) ? decoded.GetString()! : text,
            Places = item.TryGetProperty("offsets_utf16", out var units) ? Ranges(units)
                : item.TryGetProperty("offsets", out var points) ? Ranges(points)
                : null,
        };
    }

    private static TextRange[] Ranges(JsonElement list) =>
        [.. list.EnumerateArray().Select(pair => new TextRange(pair[0].GetInt32(), pair[1].GetInt32()))];
}
