using System.Text;
using Tiebreak.Tokenization.Models;
using Tiebreak.Tokenization.Splitting;
using Tiebreak.Tokenization.Vocabularies;

namespace Tiebreak.Tokenization.Formats;

/// <summary>The <c>model</c> of a tokenizer.json.</summary>
internal static class ModelJson
{
    /// <summary>SentencePiece's penalty of an unknown character, which the tokenizers library shares.</summary>
    public const double UnknownPenalty = 10;

    public static TokenizerParts Read(JsonPart json, PreTokenizerJson cutter)
    {
        if (!json.IsPresent)
            throw json.Error("is missing: this is no tokenizer.json. Download it again.");
        return json.Type switch
        {
            "BPE" => ReadBytePair(json, cutter),
            "Unigram" => ReadUnigram(json, cutter),
            "WordPiece" => ReadWordPiece(json, cutter),
            "" when json["vocab"].Element.ValueKind is System.Text.Json.JsonValueKind.Array => ReadUnigram(json, cutter),
            "" when json["merges"].IsPresent => ReadBytePair(json, cutter),
            "" => ReadWordPiece(json, cutter),
            var other => throw json.Error($"is of type \"{other}\", which Tiebreak does not know; it cannot use this tokenizer."),
        };
    }

    private static TokenizerParts ReadBytePair(JsonPart json, PreTokenizerJson cutter)
    {
        foreach (var affix in new[] { "continuing_subword_prefix", "end_of_word_suffix" })
        {
            if (json[affix].TextOr("").Length > 0)
                throw json[affix].Error("is not supported; Tiebreak cannot use this tokenizer.");
        }

        var tokens = ReadTokens(json["vocab"]);
        var merges = MergeJson.Read(json["merges"], tokens);
        var takesWhole = json["ignore_merges"].FlagOr(false);
        if (cutter.IsByteLevel)
        {
            return new TokenizerParts
            {
                Description = "byte-level BPE",
                Tokens = tokens,
                Model = BytePairBuilder.OverBytes(tokens, merges, takesWhole),
                Splitter = cutter.Splitter,
            };
        }

        var unknown = json["unk_token"].TextOr("");
        int? IdOf(string token) => tokens.TryGetValue(token, out var id) ? id : null;
        var bytes = json["byte_fallback"].FlagOr(false) ? BytePairBuilder.ByteTokens(IdOf) : null;
        var symbols = new CharacterSymbols(
            BytePairBuilder.Characters(tokens), bytes, tokens.GetValueOrDefault(unknown, -1), json["fuse_unk"].FlagOr(false));
        var whole = takesWhole
            ? new ByteMap([.. tokens.Where(pair => pair.Key.Length > 0)
                .Select(pair => KeyValuePair.Create(Encoding.UTF8.GetBytes(pair.Key), pair.Value))])
            : null;

        // Cutting where nothing can merge leaves the ids alone, unless unknown characters on both sides would have been fused.
        var join = BytePairBuilder.CoverEverything(bytes, IdOf) && !takesWhole ? new JoinSplitter(tokens.Keys) : null;
        return new TokenizerParts
        {
            Description = "BPE over characters",
            Tokens = tokens,
            Model = new BytePairModel(symbols, new MergeEngine(new PairTable(merges)), whole),
            Splitter = cutter.Splitter is null || join is null ? cutter.Splitter ?? join : new SplitterSequence(cutter.Splitter, join),
        };
    }

    private static TokenizerParts ReadUnigram(JsonPart json, PreTokenizerJson cutter)
    {
        var tokens = new List<KeyValuePair<string, int>>();
        var scores = new List<double>();
        foreach (var item in json["vocab"].Items())
        {
            if (item.Items().ToArray() is not [var token, var score] || !TryNumber(score, out var value))
                throw item.Error("must be a token and its score.");
            tokens.Add(KeyValuePair.Create(token.Text(), scores.Count));
            scores.Add(value);
        }

        var unknown = json["unk_id"].IsPresent ? json["unk_id"].Id() : throw json["unk_id"].Error("is missing.");
        if (unknown >= scores.Count)
            throw json["unk_id"].Error($"is {unknown}, but there are only {scores.Count} tokens.");
        var trie = new ByteTrie(tokens.Select(pair => KeyValuePair.Create(Encoding.UTF8.GetBytes(pair.Key), pair.Value)));
        var ids = new Dictionary<string, int>(tokens.DistinctBy(pair => pair.Key, StringComparer.Ordinal), StringComparer.Ordinal);
        var bytes = json["byte_fallback"].FlagOr(false)
            ? BytePairBuilder.ByteTokens(token => ids.TryGetValue(token, out var id) ? id : null)
            : null;
        return new TokenizerParts
        {
            Description = "Unigram",
            Tokens = tokens,
            Model = new UnigramModel(trie, [.. scores], unknown, scores.Min() - UnknownPenalty, bytes, roundsToFloat: false),
            Splitter = cutter.Splitter,
        };
    }

    private static TokenizerParts ReadWordPiece(JsonPart json, PreTokenizerJson cutter)
    {
        var tokens = ReadTokens(json["vocab"]);
        var unknown = json["unk_token"].TextOr("[UNK]");
        if (!tokens.TryGetValue(unknown, out var unknownId))
            throw json["unk_token"].Error($"is {unknown}, which is not in the vocabulary.");
        var maxCharacters = json["max_input_chars_per_word"].IsPresent
            ? json["max_input_chars_per_word"].Number()
            : WordPieceFile.MaxCharacters;
        return new TokenizerParts
        {
            Description = "WordPiece",
            Tokens = tokens,
            Model = WordPieceFile.Model(tokens, json["continuing_subword_prefix"].TextOr(WordPieceFile.Prefix), unknownId, maxCharacters),
            Splitter = cutter.Splitter,
        };
    }

    /// <summary>A vocabulary as an object of tokens and ids.</summary>
    public static Dictionary<string, int> ReadTokens(JsonPart json)
    {
        var tokens = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (token, id) in json.Members())
        {
            if (token.Length > VocabularyLimits.MaxTokenBytes)
                throw json.Error($"has a token of {token.Length} characters; the file is damaged.");
            tokens[token] = id.Id();
        }

        return tokens.Count > 0 ? tokens : throw json.Error("is empty.");
    }

    private static bool TryNumber(JsonPart json, out double value)
    {
        value = 0;
        return json.Element.ValueKind is System.Text.Json.JsonValueKind.Number && json.Element.TryGetDouble(out value)
            && double.IsFinite(value);
    }
}
