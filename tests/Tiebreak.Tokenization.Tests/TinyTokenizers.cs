using System.Text;
using System.Text.Json.Nodes;
using Tiebreak.Testing;
using Tiebreak.Tokenization.Formats;
using Tiebreak.Tokenization.Vocabularies;

namespace Tiebreak.Tokenization.Tests;

/// <summary>Small tokenizers written by hand, for tests that need no data of others.</summary>
internal static class TinyTokenizers
{
    private static readonly string[] Merges =
    [
        "h e", "l l", "he ll", "hell o", "Ġ w", "o r", "Ġw or", "l d", "Ġwor ld", "a a", "aa aa", "aaaa aaaa",
    ];

    /// <summary>A byte-level BPE with the 256 bytes and a few merges, &lt;s&gt; and &lt;/s&gt;.</summary>
    public static Tokenizer ByteLevel() => Open(ByteLevelJson());

    public static string ByteLevelJson(string pattern = Tokenization.Splitting.SplitPatterns.Cl100k)
    {
        var vocabulary = new JsonObject();
        for (var value = 0; value < 256; value++)
            vocabulary[$"{ByteAlphabet.LetterOf((byte)value)}"] = value;
        foreach (var merge in Merges)
            vocabulary[merge.Replace(" ", "", StringComparison.Ordinal)] = vocabulary.Count;
        return new JsonObject
        {
            ["added_tokens"] = new JsonArray(Added("<s>", 300), Added("</s>", 301), Added("<|im_start|>", 302), Added("<|im_end|>", 303)),
            ["pre_tokenizer"] = new JsonObject
            {
                ["type"] = "Sequence",
                ["pretokenizers"] = new JsonArray(
                    new JsonObject
                    {
                        ["type"] = "Split",
                        ["pattern"] = new JsonObject { ["Regex"] = pattern },
                        ["behavior"] = "Isolated",
                        ["invert"] = false,
                    },
                    new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["use_regex"] = false }),
            },
            ["post_processor"] = new JsonObject
            {
                ["type"] = "BertProcessing",
                ["cls"] = new JsonArray("<s>", 300),
                ["sep"] = new JsonArray("</s>", 301),
            },
            ["decoder"] = new JsonObject { ["type"] = "ByteLevel" },
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["vocab"] = vocabulary,
                ["merges"] = new JsonArray([.. Merges.Select(merge => (JsonNode)merge)]),
            },
        }.ToJsonString();
    }

    /// <summary>A SentencePiece BPE model of letters, bytes and one merge.</summary>
    public static byte[] SentencePieceModel(bool isUnigram = false)
    {
        using var file = new MemoryStream();
        Piece(file, "<unk>", 0, 2);
        Piece(file, "<s>", 0, 3);
        for (var value = 0; value < 256; value++)
            Piece(file, $"<0x{value:X2}>", 0, 6);
        foreach (var (index, text) in new[] { "ab", "\u2581a", "a", "b", "\u2581" }.Index())
            Piece(file, text, -index, 1);
        Message(file, 2, [(3 << 3), (byte)(isUnigram ? 1 : 2), 0x98, 0x02, 1]);
        return file.ToArray();
    }

    public static Tokenizer Open(string json)
    {
        using var folder = new TemporaryFolder();
        return TokenizerFile.Open(folder.Write("tokenizer.json", json));
    }

    private static JsonObject Added(string content, int id) =>
        new() { ["content"] = content, ["id"] = id, ["special"] = true, ["normalized"] = false };

    private static void Piece(MemoryStream file, string text, float score, byte kind)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Message(file, 1, [(1 << 3) | 2, (byte)bytes.Length, .. bytes, (2 << 3) | 5, .. BitConverter.GetBytes(score), 3 << 3, kind]);
    }

    private static void Message(MemoryStream file, int field, byte[] content)
    {
        file.WriteByte((byte)((field << 3) | 2));
        file.WriteByte((byte)content.Length);
        file.Write(content);
    }
}
