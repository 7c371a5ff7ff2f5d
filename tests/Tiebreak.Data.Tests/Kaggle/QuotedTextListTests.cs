using System.Text;
using System.Text.Json;
using CsCheck;
using Tiebreak.Data.Layouts.Kaggle;

namespace Tiebreak.Data.Tests.Kaggle;

/// <summary>The hot path never differs from the careful one, and takes every well-formed cell.</summary>
public sealed class QuotedTextListTests
{
    private static readonly string[] Pieces =
        [
            "\"", "\\\"", "\\\\", "\\", "\\n", "\\/", "\\u00e9", "\\uD83D", "\\uDE00", "\\u12", "\\x", "[", "]", ",", ", ", "null", "nul",
            "\"a\"", "é", "你", "😀", "\n", "\u007f", "0123456789abcdef", "x",
        ];

    [Fact]
    public void Whatever_the_hot_path_takes_it_reads_like_the_careful_one() =>
        Gen.OneOf(Pieces).Array[0, 12].Select(string.Concat).Sample(
            middle =>
            {
                foreach (var json in new[] { $"[{middle}]", $"[\"{middle}\"]", $"[\"{middle}\",null,\"{middle}\"]", middle })
                {
                    if (Fast(json) is { } texts)
                        Assert.Equal(Careful(json), texts);
                }
            },
            time: 1,
            threads: 2);

    [Fact]
    public void Every_list_of_texts_is_taken_by_the_hot_path() =>
        Gen.OneOf(Gen.String, Gen.String[Gen.Char['\u0000', '\u00ff'], 0, 100], Gen.Const("null")).Array[1, 4].Sample(
            texts => Assert.Equal(texts.Select(Valid), Fast(JsonSerializer.Serialize(texts.Select(Valid)))),
            time: 1,
            threads: 2);

    [Theory]
    [InlineData("[null, \"a\"]", null, "a")]
    [InlineData("[\"\\ud83d\\ude00\\ud83d\\u0041\\ude00\"]", "\U0001F600\uFFFDA\uFFFD")]
    [InlineData("[\"\\\"\",\"\"]", "\"", "")]
    public void Examples(string json, params string?[] expected)
    {
        Assert.Equal(expected, Careful(json));
        Assert.Equal(expected, Fast(json));
    }

    private static string Valid(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static List<string?>? Fast(string json)
    {
        var cell = Encoding.UTF8.GetBytes(json.Replace("\"", "\"\"", StringComparison.Ordinal));
        var texts = new List<string?>();
        return QuotedTextList.TryRead(cell, texts, new char[cell.Length + QuotedTextList.Slack]) ? texts : null;
    }

    private static List<string?>? Careful(string json)
    {
        var texts = new List<string?>();
        return JsonTextList.TryRead(Encoding.UTF8.GetBytes(json), texts, out _) ? texts : null;
    }
}
