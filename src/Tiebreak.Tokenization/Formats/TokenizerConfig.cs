using Tiebreak.Tokenization.Templates;
using Tiebreak.Tokenization.Vocabularies;

namespace Tiebreak.Tokenization.Formats;

/// <summary>
/// What <c>tokenizer_config.json</c> changes of a tokenizer: added tokens and their flags, BOS and EOS of the Llama and Gemma classes,
/// BERT's lower case.
/// </summary>
internal sealed record TokenizerConfig
{
    private const string FileName = "tokenizer_config.json";

    private static readonly string[] NamedTokens =
    [
        "bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token",
    ];

    /// <summary>tokenizer_class, without the "Fast" at its end.</summary>
    public required string Class { get; init; }

    /// <summary>Null where the file does not say.</summary>
    public bool? LowersCase { get; init; }

    public bool? StripsAccents { get; init; }

    public bool? IsolatesIdeographs { get; init; }

    /// <summary>Whether the class puts BOS and EOS where this file says, whatever the tokenizer's own template is.</summary>
    public bool SetsTemplate { get; init; }

    /// <summary>The BOS token, where one is put before a text.</summary>
    public string? Bos { get; init; }

    /// <summary>The EOS token, where one is put behind a text.</summary>
    public string? Eos { get; init; }

    /// <summary>added_tokens_decoder; ids count only for tokens that the vocabulary lacks.</summary>
    public IReadOnlyList<AddedToken> Added { get; init; } = [];

    /// <summary>The tokens with a role: BOS, [SEP] and so on.</summary>
    public IReadOnlyList<string> Special { get; init; } = [];

    /// <summary>Reads the file in the folder of another one; null where there is none.</summary>
    public static TokenizerConfig? ReadBeside(string path)
    {
        var file = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, FileName);
        return File.Exists(file) ? Read(JsonPart.Parse(FileContent.Read(file), file)) : null;
    }

    public static TokenizerConfig Read(JsonPart json)
    {
        var name = json["tokenizer_class"].TextOr("");
        name = name.EndsWith("Fast", StringComparison.Ordinal) ? name[..^4] : name;
        var isBert = name is "BertTokenizer";
        return new TokenizerConfig
        {
            Class = name,
            LowersCase = isBert ? Flag(json["do_lower_case"]) : null,
            StripsAccents = isBert ? Flag(json["strip_accents"]) : null,
            IsolatesIdeographs = isBert ? Flag(json["tokenize_chinese_chars"]) : null,
            SetsTemplate = name is "LlamaTokenizer" or "GemmaTokenizer" or "CodeLlamaTokenizer",
            Bos = json["add_bos_token"].FlagOr(true) ? Token(json["bos_token"]) : null,
            Eos = json["add_eos_token"].FlagOr(false) ? Token(json["eos_token"]) : null,
            Added = json["added_tokens_decoder"].IsPresent ? [.. json["added_tokens_decoder"].Members().Select(ReadAdded)] : [],
            Special = [.. NamedTokens.Select(role => Token(json[role])).OfType<string>().Distinct(StringComparer.Ordinal)],
        };
    }

    /// <summary>The tokenizer as transformers makes it of its files.</summary>
    public TokenizerParts Apply(TokenizerParts parts)
    {
        var vocabulary = new Vocabulary(parts.Tokens, parts.Added);
        var added = parts.Added.ToDictionary(token => token.Content, StringComparer.Ordinal);
        var next = vocabulary.Size;
        foreach (var token in Added)
            added[token.Content] = token with { Id = vocabulary.IdOf(token.Content) ?? next++ };
        foreach (var token in Special)
        {
            if (!added.ContainsKey(token) && vocabulary.IdOf(token) is { } id)
                added[token] = new AddedToken { Content = token, Id = id, IsSpecial = true };
        }

        var template = parts.Template;
        if (SetsTemplate)
        {
            var around = SpecialTokensTemplate.Around(IdsOf(Bos), IdsOf(Eos));
            template = template with { Single = around.Single, Pair = around.Pair };
        }

        return parts with { Added = [.. added.Values], Template = template };

        int[] IdsOf(string? token) => token is not null && vocabulary.IdOf(token) is { } id ? [id] : [];
    }

    private static bool? Flag(JsonPart json) => json.IsPresent ? json.FlagOr(false) : null;

    /// <summary>A token that is written as a text or as an object with its content; null where there is none.</summary>
    public static string? Token(JsonPart json) =>
        !json.IsPresent ? null : json["content"].IsPresent ? json["content"].Text() : json.Text();

    private static AddedToken ReadAdded((string Id, JsonPart Token) member) => new()
    {
        Content = member.Token["content"].Text(),
        Id = 0,
        IsSpecial = member.Token["special"].FlagOr(false),
        IsNormalized = member.Token["normalized"].FlagOr(!member.Token["special"].FlagOr(false)),
        IsSingleWord = member.Token["single_word"].FlagOr(false),
        StripsLeft = member.Token["lstrip"].FlagOr(false),
        StripsRight = member.Token["rstrip"].FlagOr(false),
    };
}
