using Tiebreak.Core;
using Tiebreak.Tokenization.Decoding;
using Tiebreak.Tokenization.Normalization;
using Tiebreak.Tokenization.Splitting;
using Tiebreak.Tokenization.Templates;
using Tiebreak.Tokenization.Vocabularies;

namespace Tiebreak.Tokenization.Formats;

/// <summary>
/// <c>vocab.json</c> with <c>merges.txt</c> beside it: GPT-2's byte-level BPE. RoBERTa is told by its special tokens, Qwen 2 by the class
/// in tokenizer_config.json, because the two files do not say how text is split.
/// </summary>
internal static class BytePairFiles
{
    public const string VocabularyName = "vocab.json";

    private static readonly string[] RobertaTokens = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"];

    public static TokenizerParts Read(JsonPart vocabulary, TokenizerConfig? config)
    {
        var tokens = ModelJson.ReadTokens(vocabulary);
        var mergesPath = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(vocabulary.Path))!, "merges.txt");
        if (!File.Exists(mergesPath))
            throw new InputException($"{vocabulary.Path} needs its merges.txt in the same folder.");
        var merges = MergeJson.ReadLines(mergesPath, tokens);
        var isQwen = config?.Class is "Qwen2Tokenizer";
        var parts = new TokenizerParts
        {
            Description = "byte-level BPE, vocab.json and merges.txt",
            Tokens = tokens,
            Model = BytePairBuilder.OverBytes(tokens, merges, takesWhole: false),
            Normalizers = isQwen ? [new CanonicalTransform(composes: true)] : [],
            Preparations = config?.AddsPrefixSpace is true
                ? [new PrependTransform(" "u8.ToArray(), unlessPresent: true, firstOnly: false)]
                : [],
            Splitter = SplitPatterns.Find(isQwen ? SplitPatterns.Qwen2 : SplitPatterns.Gpt2),
            Decoders = [new ByteLevelDecoder()],
        };
        if (Array.TrueForAll(RobertaTokens, tokens.ContainsKey))
        {
            parts = parts with
            {
                Added = [.. RobertaTokens.Select(token => Added(token, tokens) with { StripsLeft = token is "<mask>" })],
                Template = SpecialTokensTemplate.Roberta(tokens["<s>"], tokens["</s>"]) with { TrimsPlaces = true },
            };
        }
        else if (tokens.ContainsKey("<|endoftext|>"))
        {
            parts = parts with { Added = [Added("<|endoftext|>", tokens)] };
        }

        return config is null ? parts : config.Apply(parts);
    }

    private static AddedToken Added(string token, Dictionary<string, int> tokens) =>
        new() { Content = token, Id = tokens[token], IsSpecial = true };
}
