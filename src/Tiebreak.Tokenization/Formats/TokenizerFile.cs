using System.Buffers.Text;
using Tiebreak.Core;

namespace Tiebreak.Tokenization.Formats;

/// <summary>Opens tokenizers from their original files.</summary>
public static class TokenizerFile
{
    /// <summary>
    /// Opens a tokenizer. A folder gives what transformers' AutoTokenizer makes of it: its tokenizer.json with its tokenizer_config.json,
    /// else what can be converted. A file is taken by its own rules, and told by its content: tokenizer.json, tekken.json, SentencePiece's
    /// .model, a .tiktoken list of ranks, BERT's vocab.txt, GPT-2's vocab.json with merges.txt beside it.
    /// </summary>
    /// <param name="path">A folder or a file.</param>
    /// <exception cref="InputException">There is no tokenizer, it is damaged, or of a kind that is not known.</exception>
    public static Tokenizer Open(string path)
    {
        if (Directory.Exists(path))
            return TokenizerFolder.Read(path).Build();
        if (!File.Exists(path))
            throw new InputException($"{path} is neither a folder nor a file. Name a model's folder, or its tokenizer file.");
        return Read(path).Build();
    }

    private static TokenizerParts Read(string path)
    {
        if (Path.GetFileName(path) is "merges.txt")
            path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, BytePairFiles.VocabularyName);
        var content = FileContent.Read(path);
        if (LooksLikeJson(content))
            return ReadJson(content, path);
        if (LooksLikeRanks(content))
            return TiktokenFile.Read(content, path);
        return content[0] == 0x0A && content.AsSpan(0, Math.Min(content.Length, 4096)).Contains((byte)0)
            ? SentencePieceFile.Read(content, path).AsItIs()
            : ReadText(content, path);
    }

    private static TokenizerParts ReadJson(byte[] content, string path)
    {
        var root = JsonPart.Parse(content, path);
        if (root["config"].IsObject && root["vocab"].IsPresent)
            return TekkenFile.Read(root);
        return root["model"].IsObject
            ? TokenizerJson.Read(root, config: null)
            : BytePairFiles.Read(root, TokenizerConfig.ReadBeside(path));
    }

    private static TokenizerParts ReadText(byte[] content, string path)
    {
        if (content.AsSpan().Contains((byte)0))
        {
            throw new InputException($"{path} is no tokenizer file that Tiebreak knows. Name a tokenizer.json, spm.model, tokenizer.model, "
                + "*.tiktoken, vocab.txt or vocab.json.");
        }

        return WordPieceFile.Read(content, path, config: null);
    }

    private static bool LooksLikeJson(ReadOnlySpan<byte> content) => content.TrimStart("\uFEFF \t\r\n"u8) is [(byte)'{', ..];

    /// <summary>A first line of base64, a space and a number.</summary>
    internal static bool LooksLikeRanks(ReadOnlySpan<byte> content)
    {
        var end = content.IndexOf((byte)'\n');
        var line = end < 0 ? content : content[..end];
        var space = line.IndexOf((byte)' ');
        return space > 0 && Base64.IsValid(line[..space]) && Utf8Parser.TryParse(line[(space + 1)..], out int _, out var used)
            && line[(space + 1 + used)..].Trim("\r"u8).IsEmpty;
    }
}
