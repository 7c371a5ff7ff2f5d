using System.Text;
using System.Text.Json.Nodes;

namespace Tiebreak.Testing;

/// <summary>Tokenizers of a few hundred entries, for models that tests make up.</summary>
public static class TinyTokenizer
{
    /// <summary>Entries of <see cref="ByteLevelJson"/>.</summary>
    public const int ByteLevelSize = 266;

    /// <summary>The id of <c>&lt;bos&gt;</c>.</summary>
    public const int Beginning = 260;

    private static readonly string[] Merges = ["t i", "ti e", "o o", "g oo"];

    /// <summary>
    /// A <c>tokenizer.json</c>: byte-level BPE with the 256 bytes, merges up to "tie", and Gemma's special tokens, of which
    /// <c>&lt;bos&gt;</c> begins every text.
    /// </summary>
    public static string ByteLevelJson()
    {
        var vocabulary = new JsonObject();
        for (var value = 0; value < 256; value++)
            vocabulary[$"{Letter(value)}"] = value;
        foreach (var merge in Merges)
            vocabulary[merge.Replace(" ", "", StringComparison.Ordinal)] = vocabulary.Count;
        string[] special = ["<bos>", "<eos>", "<start_of_turn>", "<end_of_turn>", "<pad>", "<unk>"];
        return new JsonObject
        {
            ["added_tokens"] = new JsonArray([.. special.Select((token, i) =>
                new JsonObject { ["content"] = token, ["id"] = Beginning + i, ["special"] = true, ["normalized"] = false })]),
            ["pre_tokenizer"] = new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["use_regex"] = true },
            ["post_processor"] = new JsonObject
            {
                ["type"] = "TemplateProcessing",
                ["single"] = new JsonArray(Special(), Sequence("A", 0)),
                ["pair"] = new JsonArray(Special(), Sequence("A", 0), Sequence("B", 1)),
                ["special_tokens"] = new JsonObject
                {
                    ["<bos>"] = new JsonObject
                    {
                        ["id"] = "<bos>",
                        ["ids"] = new JsonArray(Beginning),
                        ["tokens"] = new JsonArray("<bos>"),
                    },
                },
            },
            ["decoder"] = new JsonObject { ["type"] = "ByteLevel" },
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["vocab"] = vocabulary,
                ["merges"] = new JsonArray([.. Merges.Select(merge => (JsonNode)merge)]),
            },
        }.ToJsonString();

        static JsonObject Special() => new() { ["SpecialToken"] = new JsonObject { ["id"] = "<bos>", ["type_id"] = 0 } };
        static JsonObject Sequence(string id, int type) => new() { ["Sequence"] = new JsonObject { ["id"] = id, ["type_id"] = type } };
    }

    /// <summary>A <c>vocab.txt</c> of BERT's kind with the words of <see cref="SyntheticBattles"/>; [CLS] is 2 and [SEP] is 3.</summary>
    public static string WordPieces()
    {
        var text = new StringBuilder("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n");
        foreach (var word in "good tree river stone cloud lamp paper seven green walk quiet question ? . 0 1 2 3 4 5 6 7 8 9 ##0 ##1 ##2 ##3 ##4 ##5 ##6 ##7 ##8 ##9"
            .Split(' '))
        {
            text.Append(word).Append('\n');
        }

        return text.ToString();
    }

    // GPT-2's letters for bytes: printable ones stand for themselves, the others follow from U+0100 on.
    private static char Letter(int value)
    {
        static bool IsPrintable(int value) => value is (>= 33 and <= 126) or (>= 161 and <= 172) or (>= 174 and <= 255);
        return IsPrintable(value) ? (char)value : (char)(256 + Enumerable.Range(0, value).Count(other => !IsPrintable(other)));
    }
}
