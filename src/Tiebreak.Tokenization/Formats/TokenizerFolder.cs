using Tiebreak.Core;

namespace Tiebreak.Tokenization.Formats;

/// <summary>A model's folder, read as AutoTokenizer's fast tokenizers are made.</summary>
internal static class TokenizerFolder
{
    private static readonly string[] SentencePieceNames =
    [
        "tokenizer.model", "spm.model", "spiece.model", "sentencepiece.bpe.model", "tokenizer.model.v3",
    ];

    public static TokenizerParts Read(string folder)
    {
        var config = TokenizerConfig.ReadFolder(folder);
        if (Find(folder, "tokenizer.json") is { } json)
        {
            var root = JsonPart.Parse(FileContent.Read(json), json);
            var parts = TokenizerJson.Read(root, config);
            return MistralPattern.NoteOn(folder, root, config) is { } note ? parts with { Notes = [.. parts.Notes, note] } : parts;
        }

        if (SentencePieceNames.Select(name => Find(folder, name)).FirstOrDefault(path => path is not null) is { } model)
        {
            var content = FileContent.Read(model);
            return TokenizerFile.LooksLikeRanks(content)
                ? TiktokenFile.Read(content, model)
                : SentencePieceFile.Read(content, model).AsFast(config);
        }

        if (Find(folder, BytePairFiles.VocabularyName) is { } vocabulary)
            return BytePairFiles.Read(JsonPart.Parse(FileContent.Read(vocabulary), vocabulary), config);
        if (Find(folder, "vocab.txt") is { } words)
            return WordPieceFile.Read(FileContent.Read(words), words, config);
        if (Find(folder, "tekken.json") is { } tekken)
            return TekkenFile.Read(JsonPart.Parse(FileContent.Read(tekken), tekken));
        if (Directory.EnumerateFiles(folder, "*.tiktoken").Order(StringComparer.Ordinal).FirstOrDefault() is { } ranks)
            return TiktokenFile.Read(FileContent.Read(ranks), ranks);
        throw new InputException(
            $"{folder} holds no tokenizer: none of tokenizer.json, {string.Join(", ", SentencePieceNames)}, vocab.json, vocab.txt, "
            + "tekken.json, *.tiktoken.");
    }

    private static string? Find(string folder, string name) => Path.Combine(folder, name) is var path && File.Exists(path) ? path : null;
}
