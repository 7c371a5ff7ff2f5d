using System.Globalization;
using Tiebreak.Tokenization.Decoding;
using Tiebreak.Tokenization.Splitting;
using Tiebreak.Tokenization.Templates;
using Tiebreak.Tokenization.Vocabularies;

namespace Tiebreak.Tokenization.Formats;

/// <summary>
/// Mistral's <c>tekken.json</c> (https://github.com/mistralai/mistral-common): ranks of bytes behind a block of special ids, which
/// mistral-common never parses in a text.
/// </summary>
internal static class TekkenFile
{
    public static TokenizerParts Read(JsonPart root)
    {
        var config = root["config"];
        var special = config["default_num_special_tokens"].Id();
        var used = config["default_vocab_size"].Id() - special;
        var pattern = config["pattern"];
        var splitter = SplitPatterns.Find(pattern.Text());
        var ranks = new List<KeyValuePair<byte[], int>>();
        foreach (var item in root["vocab"].Items())
        {
            var rank = item["rank"].Id();
            var bytes = item["token_bytes"].Base64();
            if (bytes.Length is 0 or > VocabularyLimits.MaxTokenBytes)
                throw item["token_bytes"].Error($"has {bytes.Length} bytes.");
            if (rank < used)
                ranks.Add(KeyValuePair.Create(bytes, rank + special));
        }

        if (ranks.Count != used)
        {
            throw root["vocab"].Error(
                $"has {ranks.Count} tokens in use, but config says {used}. The file is cut short; download it again.");
        }

        var tokens = ranks.Select(pair => KeyValuePair.Create(ByteAlphabet.Encode(pair.Key), pair.Value)).ToList();
        return new TokenizerParts
        {
            Description = "byte-level BPE, tekken.json",
            Tokens = [.. tokens, .. Enumerable.Range(0, special).Select(id => KeyValuePair.Create(NameOf(id), id))],
            Model = BytePairBuilder.OverBytes(tokens, BytePairBuilder.MergesOf(ranks, id => id), takesWhole: true),
            ControlIds = [.. Enumerable.Range(0, special)],
            Splitter = splitter
                ?? new PatternSplitter(new RegexPattern(pattern.Text(), root.Path), SplitBehavior.Isolated, isInverted: false),
            Template = SpecialTokensTemplate.Around([1], []),
            Decoders = [new ByteLevelDecoder()],
            Notes = splitter is null
                ? [$"The split pattern {pattern.Text()} is not one of those that Tiebreak does by hand: "
                    + "tokenizing is several times slower."]
                : [],
        };
    }

    private static string NameOf(int id) => id switch
    {
        0 => "<unk>",
        1 => "<s>",
        2 => "</s>",
        _ => string.Create(CultureInfo.InvariantCulture, $"<SPECIAL_{id}>"),
    };
}
