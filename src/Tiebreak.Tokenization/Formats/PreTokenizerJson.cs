using System.Globalization;
using System.Text;
using Tiebreak.Tokenization.Normalization;
using Tiebreak.Tokenization.Processing;
using Tiebreak.Tokenization.Splitting;

namespace Tiebreak.Tokenization.Formats;

/// <summary>The <c>pre_tokenizer</c> of a tokenizer.json: what it does to the text, then how it cuts it.</summary>
internal sealed class PreTokenizerJson
{
    private readonly bool _hasNoSpaces;
    private readonly bool _fixesMistralPattern;
    private readonly List<string> _notes;

    private PreTokenizerJson(bool hasNoSpaces, bool fixesMistralPattern, List<string> notes)
    {
        _hasNoSpaces = hasNoSpaces;
        _fixesMistralPattern = fixesMistralPattern;
        _notes = notes;
    }

    public List<ITextTransform> Preparations { get; } = [];

    public IPieceSplitter? Splitter { get; private set; }

    /// <summary>Whether the model works on bytes.</summary>
    public bool IsByteLevel { get; private set; }

    /// <summary>Reads the pre-tokenizer.</summary>
    /// <param name="json">The component.</param>
    /// <param name="normalizers">What runs before it.</param>
    /// <param name="config">What <c>tokenizer_config.json</c> changes, or null.</param>
    /// <param name="notes">Gets what the user should know.</param>
    public static PreTokenizerJson Read(
        JsonPart json, IReadOnlyList<ITextTransform> normalizers, TokenizerConfig? config, List<string> notes)
    {
        var read = new PreTokenizerJson(normalizers is [.., SpaceTransform], config?.FixesMistralPattern ?? false, notes);
        read.Add(json, config?.AddsPrefixSpace); // transformers changes it where it is the only component
        return read;
    }

    private void Add(JsonPart json, bool? addsPrefixSpace = null)
    {
        if (!json.IsPresent)
            return;
        switch (json.Type)
        {
            case "Sequence":
                foreach (var item in json["pretokenizers"].Items())
                    Add(item);
                break;
            case "ByteLevel":
                IsByteLevel = true;
                if (addsPrefixSpace ?? json["add_prefix_space"].FlagOr(true))
                    Prepare(json, new PrependTransform(" "u8.ToArray(), unlessPresent: true, firstOnly: false));
                if (json["use_regex"].FlagOr(true))
                    Cut(new Gpt2Splitter());
                break;
            case "Metaspace":
                AddMetaspace(json);
                break;
            case "Split":
                AddSplit(json);
                break;
            case "BertPreTokenizer":
                Cut(new BertSplitter());
                break;
            case "WhitespaceSplit":
                Cut(new PatternSplitter(new CharacterPattern(CharacterClass.IsSpace), SplitBehavior.Removed, isInverted: false));
                break;
            case "Punctuation":
                Cut(new PatternSplitter(new CharacterPattern(BertCharacters.IsPunctuation), ReadBehavior(json), isInverted: false));
                break;
            case "Digits":
                Cut(new PatternSplitter(
                    new CharacterPattern(codePoint => (CharacterClass.Of(codePoint) & CharacterClass.Number) != 0),
                    json["individual_digits"].FlagOr(false) ? SplitBehavior.Isolated : SplitBehavior.Contiguous,
                    isInverted: false));
                break;
            default:
                throw json.Error($"is of type \"{json.Type}\", which Tiebreak does not know; it cannot use this tokenizer.");
        }
    }

    private void AddMetaspace(JsonPart json)
    {
        var mark = Encoding.UTF8.GetBytes(json["replacement"].TextOr("\u2581"));
        Prepare(json, new SpaceTransform(mark));
        var scheme = json["prepend_scheme"].TextOr(json["add_prefix_space"].FlagOr(true) ? "always" : "never");
        if (scheme is "always" or "first")
            Prepare(json, new PrependTransform(mark, unlessPresent: true, firstOnly: scheme is "first"));
        else if (scheme is not "never")
            throw json["prepend_scheme"].Error("must be always, first or never.");
        if (json["split"].FlagOr(true))
            Cut(new MarkSplitter(mark));
    }

    private void AddSplit(JsonPart json)
    {
        var (behavior, isInverted) = (ReadBehavior(json), json["invert"].FlagOr(false));
        var regex = json["pattern"]["Regex"];
        var pattern = !regex.IsPresent ? null
            : _fixesMistralPattern && regex.Text() is SplitPatterns.Cl100k ? SplitPatterns.Tekken
            : regex.Text();
        if (pattern is not null && behavior is SplitBehavior.Isolated && SplitPatterns.Find(pattern) is { } known)
        {
            // Every character is part of a match, so that turning matches around changes nothing.
            Cut(known);
            return;
        }

        if (_hasNoSpaces && Preparations.Count == 0 && json["pattern"]["String"] is { IsPresent: true } literal && literal.Text() is " "
            && !isInverted)
        {
            return;
        }

        if (regex.IsPresent)
        {
            _notes.Add(
                $"The split pattern {OneLine(regex.Text())} is not one of those that Tiebreak does by hand: tokenizing is several times "
                + "slower.");
        }

        Cut(new PatternSplitter(PatternJson.Read(json["pattern"]), behavior, isInverted));
    }

    // Patterns hold line ends and the like, and a note is one line.
    private static string OneLine(string text) => string.Concat(text.Select(letter => letter switch
    {
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        _ when char.IsControl(letter) => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}"),
        _ => letter.ToString(),
    }));

    private static SplitBehavior ReadBehavior(JsonPart json) => json["behavior"].TextOr("Isolated") switch
    {
        "Removed" => SplitBehavior.Removed,
        "Isolated" => SplitBehavior.Isolated,
        "MergedWithPrevious" => SplitBehavior.MergedWithPrevious,
        "MergedWithNext" => SplitBehavior.MergedWithNext,
        "Contiguous" => SplitBehavior.Contiguous,
        var other => throw json.Error($"has the behavior \"{other}\", which Tiebreak does not know."),
    };

    private void Prepare(JsonPart json, ITextTransform transform)
    {
        if (Splitter is not null)
            throw json.Error("changes the text after it has been cut, which Tiebreak cannot do; it cannot use this tokenizer.");
        Preparations.Add(transform);
    }

    private void Cut(IPieceSplitter splitter) => Splitter = Splitter is null ? splitter : new SplitterSequence(Splitter, splitter);
}
