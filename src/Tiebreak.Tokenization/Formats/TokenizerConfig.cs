using Tiebreak.Tokenization.Normalization;
using Tiebreak.Tokenization.Templates;
using Tiebreak.Tokenization.Vocabularies;

namespace Tiebreak.Tokenization.Formats;

/// <summary>
/// What <c>tokenizer_config.json</c> changes of a tokenizer: added tokens and their flags, BOS and EOS of the Llama and Gemma classes,
/// BERT's lower case, the space before a text. Folders of older versions say the same in <c>special_tokens_map.json</c> and
/// <c>added_tokens.json</c>.
/// </summary>
internal sealed record TokenizerConfig
{
    private const string FileName = "tokenizer_config.json";
    private const string AddedFileName = "added_tokens.json";
    private const string SpecialFileName = "special_tokens_map.json";

    private static readonly string[] NamedTokens =
    [
        "bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token",
    ];

    private static readonly string[] BertLike =
    [
        "BertTokenizer", "DistilBertTokenizer", "ElectraTokenizer", "MobileBertTokenizer", "ConvBertTokenizer", "FunnelTokenizer",
        "LayoutLMTokenizer", "MPNetTokenizer",
    ];

    // Classes that put no space before a text unless the file asks for it, whatever tokenizer.json says.
    private static readonly string[] Gpt2Like =
    [
        "GPT2Tokenizer", "RobertaTokenizer", "BartTokenizer", "LongformerTokenizer", "LEDTokenizer", "DebertaTokenizer",
        "BlenderbotTokenizer", "MvpTokenizer", "CodeGenTokenizer", "WhisperTokenizer",
    ];

    private const string DebertaV2 = "DebertaV2Tokenizer";

    private static readonly JsonPart Absent = new(default, "", "");

    /// <summary>tokenizer_class, without the "Fast" at its end.</summary>
    public required string Class { get; init; }

    /// <summary>Null where the file does not say.</summary>
    public bool? LowersCase { get; init; }

    /// <summary>Whether a SentencePiece model of DeBERTa-v2's class reads punctuation apart.</summary>
    public bool SplitsByPunctuation { get; init; }

    public bool? StripsAccents { get; init; }

    public bool? IsolatesIdeographs { get; init; }

    /// <summary>Whether a byte-level tokenizer puts a space before a text; null: as its own file says.</summary>
    public bool? AddsPrefixSpace { get; init; }

    /// <summary>Whether a SentencePiece model of Llama's class is converted as in transformers' first versions.</summary>
    public bool IsLegacy { get; init; } = true;

    /// <summary>Whether the split pattern that some Mistral models were published with is to be replaced by the right one.</summary>
    public bool FixesMistralPattern { get; init; }

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

    /// <summary>What the file asks for and nothing here does, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    private bool? SaysBos { get; init; }

    private string? BosToken { get; init; }

    /// <summary>Reads the file in the folder of another one; null where there is none.</summary>
    public static TokenizerConfig? ReadBeside(string path) => Read(FileName, Path.GetDirectoryName(Path.GetFullPath(path))!) is { } json
        ? Read(json)
        : null;

    /// <summary>Reads the files of a folder; null where there are none.</summary>
    public static TokenizerConfig? ReadFolder(string folder)
    {
        var (json, special, added) = (Read(FileName, folder), Read(SpecialFileName, folder), Read(AddedFileName, folder));
        return json is null && special is null && added is null ? null : Read(json ?? Absent, special ?? Absent, added ?? Absent);
    }

    public static TokenizerConfig Read(JsonPart json) => Read(json, Absent, Absent);

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

        parts = parts with { Added = [.. added.Values], Template = template, Notes = [.. parts.Notes, .. Notes, .. BosNote(template)] };
        return SetsTemplate && AddsPrefixSpace is false ? WithoutPrefix(parts) : parts;

        int[] IdsOf(string? token) => token is not null && vocabulary.IdOf(token) is { } id ? [id] : [];

        IEnumerable<string> BosNote(SpecialTokensTemplate template)
        {
            if (SetsTemplate || SaysBos is not { } wanted || IdsOf(BosToken) is not [var bos])
                yield break;
            var begins = template.Single is [{ Text: < 0 } first, ..] && first.Id == bos;
            if (begins != wanted)
            {
                yield return $"{FileName} says add_bos_token {(wanted ? "true" : "false")}, but the class {Class} leaves that to the "
                    + $"tokenizer's own file, by which texts {(begins ? "begin" : "do not begin")} with {BosToken}.";
            }
        }
    }

    private static TokenizerParts WithoutPrefix(TokenizerParts parts) => parts with
    {
        Normalizers = [.. parts.Normalizers.Where(transform => transform is not PrependTransform)],
        Preparations = [.. parts.Preparations.Where(transform => transform is not PrependTransform)],
    };

    private static JsonPart? Read(string name, string folder)
    {
        var file = Path.Combine(folder, name);
        return File.Exists(file) ? JsonPart.Parse(FileContent.Read(file), file) : null;
    }

    /// <param name="json">tokenizer_config.json.</param>
    /// <param name="special">special_tokens_map.json; absent: none.</param>
    /// <param name="added">added_tokens.json; absent: none.</param>
    private static TokenizerConfig Read(JsonPart json, JsonPart special, JsonPart added)
    {
        var name = json["tokenizer_class"].TextOr("");
        name = name.EndsWith("Fast", StringComparison.Ordinal) ? name[..^4] : name;
        var isBert = BertLike.Contains(name, StringComparer.Ordinal);

        // Newer folders say everything about added tokens in one place; the other files count without it.
        var isOld = !json["added_tokens_decoder"].IsPresent;
        string[] roles =
        [
            .. NamedTokens.Select(role => Token(json[role]) ?? (isOld ? Token(special[role]) : null)).OfType<string>(),
            .. Tokens(json["additional_special_tokens"]), .. isOld ? Tokens(special["additional_special_tokens"]) : [],
        ];
        return new TokenizerConfig
        {
            Class = name,
            LowersCase = isBert || name is DebertaV2 ? Flag(json["do_lower_case"]) : null,
            SplitsByPunctuation = name is DebertaV2 && json["split_by_punct"].FlagOr(false),
            StripsAccents = isBert ? Flag(json["strip_accents"]) : null,
            IsolatesIdeographs = isBert ? Flag(json["tokenize_chinese_chars"]) : null,
            AddsPrefixSpace = Flag(json["add_prefix_space"]) ?? (Gpt2Like.Contains(name, StringComparer.Ordinal) ? false : null),
            IsLegacy = json["legacy"].FlagOr(true),
            FixesMistralPattern = json["fix_mistral_regex"].FlagOr(false),
            SetsTemplate = name is "LlamaTokenizer" or "GemmaTokenizer" or "CodeLlamaTokenizer",
            Bos = json["add_bos_token"].FlagOr(true) ? Token(json["bos_token"]) : null,
            Eos = json["add_eos_token"].FlagOr(false) ? Token(json["eos_token"]) : null,
            SaysBos = Flag(json["add_bos_token"]),
            BosToken = Token(json["bos_token"]),
            Added = isOld ? ReadOldAdded(added, roles) : [.. json["added_tokens_decoder"].Members().Select(ReadAdded)],
            Special = [.. roles.Distinct(StringComparer.Ordinal)],
            Notes = [.. NotesOf(json)],
        };
    }

    // Fields that change ids in transformers and not here.
    private static IEnumerable<string> NotesOf(JsonPart json)
    {
        if (json["split_special_tokens"].FlagOr(false))
        {
            yield return $"{FileName} says split_special_tokens, but special tokens in a text are found nevertheless where they are "
                + "parsed.";
        }

        if (!json["do_basic_tokenize"].FlagOr(true))
            yield return $"{FileName} says do_basic_tokenize false, which is left out, as transformers' fast tokenizers do.";
        if (json["never_split"].Items().Any())
            yield return $"{FileName} names words in never_split, which are left out, as transformers' fast tokenizers do.";
        if (json["sp_model_kwargs"] is { IsObject: true } settings && settings.Members().Any())
            yield return $"{FileName} has settings in sp_model_kwargs, which are left out.";
    }

    // A token is sought in the original text where it has a role.
    private static AddedToken[] ReadOldAdded(JsonPart added, string[] roles) => !added.IsPresent ? [] :
    [
        .. added.Members().Select(member => (member.Name, Id: member.Value.Id())).OrderBy(token => token.Id).Select(token =>
        {
            var isSpecial = roles.Contains(token.Name, StringComparer.Ordinal);
            return new AddedToken { Content = token.Name, Id = 0, IsSpecial = isSpecial, IsNormalized = !isSpecial };
        }),
    ];

    private static IEnumerable<string> Tokens(JsonPart list) =>
        list.Element.ValueKind is System.Text.Json.JsonValueKind.Array ? list.Items().Select(Token).OfType<string>() : [];

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
