using System.Globalization;
using Tiebreak.Tokenization.Decoding;
using Tiebreak.Tokenization.Normalization;
using Tiebreak.Tokenization.Splitting;
using Tiebreak.Tokenization.Templates;
using Tiebreak.Tokenization.Vocabularies;

namespace Tiebreak.Tokenization.Formats;

/// <summary>What a list of ranks does not say of itself.</summary>
/// <param name="Name">The encoding's name.</param>
/// <param name="Ranks">How many ranks it has.</param>
/// <param name="Pattern">How text is split.</param>
/// <param name="Special">Special tokens and their ids.</param>
internal sealed record TiktokenEncoding(string Name, int Ranks, string Pattern, (string Content, int Id)[] Special)
{
    /// <summary>The encodings of the field.</summary>
    public static TiktokenEncoding[] Known { get; } =
    [
        new("r50k_base", 50_256, SplitPatterns.Gpt2, [("<|endoftext|>", 50_256)]),
        new("cl100k_base", 100_256, SplitPatterns.Cl100k,
            [
                ("<|endoftext|>", 100_257),
                ("<|fim_prefix|>", 100_258),
                ("<|fim_middle|>", 100_259),
                ("<|fim_suffix|>", 100_260),
                ("<|endofprompt|>", 100_276),
            ]),
        new("Llama 3", 128_000, SplitPatterns.Cl100k, Llama3()) { Bos = 128_000 },
        new("Qwen", 151_643, SplitPatterns.Qwen2, [("<|endoftext|>", 151_643), ("<|im_start|>", 151_644), ("<|im_end|>", 151_645)])
        {
            Composes = true,
        },
        new("o200k_base", 199_998, SplitPatterns.O200k, [("<|endoftext|>", 199_999), ("<|endofprompt|>", 200_018)]),
    ];

    /// <summary>The token put before a text, or null.</summary>
    public int? Bos { get; init; }

    /// <summary>Whether text is brought into NFC first.</summary>
    public bool Composes { get; init; }

    public TokenizerParts Build(IReadOnlyCollection<KeyValuePair<byte[], int>> ranks)
    {
        var tokens = ranks.Select(pair => KeyValuePair.Create(ByteAlphabet.Encode(pair.Key), pair.Value)).ToList();
        return new TokenizerParts
        {
            Description = $"byte-level BPE, {Name} ranks",
            Tokens = tokens,
            Model = BytePairBuilder.OverBytes(tokens, BytePairBuilder.MergesOf(ranks, id => id), takesWhole: true),
            Added = [.. Special.Select(token => new AddedToken { Content = token.Content, Id = token.Id, IsSpecial = true })],
            Normalizers = Composes ? [new CanonicalTransform(composes: true)] : [],
            Splitter = SplitPatterns.Find(Pattern),
            Template = Bos is { } bos ? SpecialTokensTemplate.Around([bos], []) : SpecialTokensTemplate.None,
            Decoders = [new ByteLevelDecoder()],
        };
    }

    /// <summary>
    /// The 256 special tokens of Llama 3. (Llama 3.1 has the same ranks and renames five of the reserved ones; its tokenizer.json says
    /// which.)
    /// </summary>
    private static (string Content, int Id)[] Llama3()
    {
        var reserved = 0;
        var tokens = new (string Content, int Id)[256];
        for (var i = 0; i < tokens.Length; i++)
        {
            var name = i switch
            {
                0 => "begin_of_text",
                1 => "end_of_text",
                6 => "start_header_id",
                7 => "end_header_id",
                9 => "eot_id",
                _ => string.Create(CultureInfo.InvariantCulture, $"reserved_special_token_{reserved++}"),
            };
            tokens[i] = ($"<|{name}|>", 128_000 + i);
        }

        return tokens;
    }
}
