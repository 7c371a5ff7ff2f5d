using Tiebreak.Core;
using Tiebreak.Tokenization.Decoding;
using Tiebreak.Tokenization.Processing;
using Tiebreak.Tokenization.Templates;
using Tiebreak.Tokenization.Vocabularies;

namespace Tiebreak.Tokenization;

/// <summary>
/// Cuts text into the tokens of a model, with the ids that the model's own tokenizer gives. Made by <see cref="Formats.TokenizerFile"/>;
/// safe to use from many threads at once. Unpaired surrogates are taken as U+FFFD.
/// </summary>
public sealed class Tokenizer
{
    private readonly WorkspacePool _workspaces = new();
    private readonly TextPipeline _pipeline;
    private readonly Vocabulary _vocabulary;
    private readonly SpecialTokensTemplate _template;
    private readonly IReadOnlyList<ITokenDecoder>? _decoders;
    private readonly HashSet<int> _special;
    private readonly HashSet<int> _added;

    internal Tokenizer(
        TextPipeline pipeline, Vocabulary vocabulary, SpecialTokensTemplate template, IReadOnlyList<ITokenDecoder>? decoders,
        IEnumerable<int> special, IEnumerable<int> added)
    {
        _pipeline = pipeline;
        _vocabulary = vocabulary;
        _template = template;
        _decoders = decoders;
        _special = [.. special];
        _added = [.. added];
    }

    /// <summary>What the file is, in a word or two: <c>byte-level BPE (tokenizer.json)</c>.</summary>
    public required string Description { get; init; }

    /// <summary>What the user should know: slow paths, things in the file that have no meaning here.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>One more than the highest id.</summary>
    public int VocabularySize => _vocabulary.Size;

    /// <summary>Special tokens that the tokenizer puts before one text.</summary>
    public int[] SpecialBefore => [.. _template.Single.TakeWhile(part => part.Text < 0).Select(part => part.Id)];

    /// <summary>Special tokens that the tokenizer puts behind one text.</summary>
    public int[] SpecialAfter =>
        [.. _template.Single.SkipWhile(part => part.Text < 0).Where(part => part.Text < 0).Select(part => part.Id)];

    /// <summary>The ids of a text.</summary>
    public int[] Encode(ReadOnlySpan<char> text, EncodeOptions options = default)
    {
        var ids = new List<int>();
        Encode(text, ids, options);
        return [.. ids];
    }

    /// <summary>Appends the ids of a text; nothing is allocated per token.</summary>
    public void Encode(ReadOnlySpan<char> text, List<int> ids, EncodeOptions options = default)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var workspace = _workspaces.Rent();
        _pipeline.Run(text, options.ParseSpecial, withPlaces: false, workspace);
        if (options.AddSpecialTokens)
        {
            foreach (var part in _template.Single)
            {
                if (part.Text < 0)
                    ids.Add(part.Id);
                else
                    ids.AddRange(workspace.Tokens.Ids);
            }
        }
        else
        {
            ids.AddRange(workspace.Tokens.Ids);
        }

        _workspaces.Return(workspace);
    }

    /// <summary>How many tokens a text has.</summary>
    public int Count(ReadOnlySpan<char> text, EncodeOptions options = default)
    {
        var workspace = _workspaces.Rent();
        _pipeline.Run(text, options.ParseSpecial, withPlaces: false, workspace);
        var count = workspace.Tokens.Count + (options.AddSpecialTokens ? _template.Single.Length - 1 : 0);
        _workspaces.Return(workspace);
        return count;
    }

    /// <summary>A text with the place of every token.</summary>
    public TokenizedText EncodeWithPlaces(string text, EncodeOptions options = default) =>
        Assemble(options.AddSpecialTokens ? _template.Single : [TemplatePart.Of(0)], [text], options);

    /// <summary>Two texts in one row, as encoders take them.</summary>
    public TokenizedText EncodePair(string first, string second, EncodeOptions options = default) =>
        Assemble(options.AddSpecialTokens ? _template.Pair : [TemplatePart.Of(0), TemplatePart.Of(1, 1)], [first, second], options);

    /// <summary>The text that ids stand for; bytes that are no UTF-8 become U+FFFD.</summary>
    /// <param name="ids">Token ids.</param>
    /// <param name="skipSpecial">Leaves special tokens out.</param>
    /// <exception cref="InputException">An id is beyond the vocabulary.</exception>
    public string Decode(ReadOnlySpan<int> ids, bool skipSpecial = false)
    {
        var tokens = new List<string>(ids.Length);
        foreach (var id in ids)
        {
            if (skipSpecial && _special.Contains(id))
                continue;
            tokens.Add(_vocabulary.TokenOf(id)
                ?? throw new InputException($"Token id {id} is not in the vocabulary, whose ids end at {VocabularySize - 1}. "
                    + "The ids come from another tokenizer."));
        }

        if (_decoders is null)
            return string.Join(' ', tokens);
        foreach (var decoder in _decoders)
            tokens = decoder.Decode(tokens);
        return string.Concat(tokens);
    }

    /// <summary>True for special tokens, which no plain text has.</summary>
    public bool IsSpecial(int id) => _special.Contains(id);

    /// <summary>The id of a token as the vocabulary writes it, or null.</summary>
    public int? IdOf(string token) => _vocabulary.IdOf(token);

    /// <summary>The token of an id as the vocabulary writes it, or null.</summary>
    public string? TokenOf(int id) => _vocabulary.TokenOf(id);

    private TokenizedText Assemble(ReadOnlySpan<TemplatePart> parts, string[] texts, EncodeOptions options)
    {
        List<int> ids = [], types = [];
        List<TextRange> places = [];
        List<bool> special = [];
        var workspace = _workspaces.Rent();
        foreach (var part in parts)
        {
            var count = 1;
            if (part.Text < 0)
            {
                ids.Add(part.Id);
                places.Add(default);
            }
            else
            {
                _pipeline.Run(texts[part.Text], options.ParseSpecial, withPlaces: true, workspace);
                count = workspace.Tokens.Count;
                ids.AddRange(workspace.Tokens.Ids);
                for (var i = 0; i < count; i++)
                    places.Add(Place(workspace.Tokens, i, texts[part.Text]));
            }

            types.AddRange(Enumerable.Repeat(part.TypeId, count));
            special.AddRange(Enumerable.Repeat(part.Text < 0, count));
        }

        _workspaces.Return(workspace);
        return new TokenizedText([.. ids], [.. types], [.. places], [.. special]);
    }

    private TextRange Place(TokenList tokens, int index, string text)
    {
        var (id, start, end) = (tokens.Ids[index], tokens.Starts[index], tokens.Ends[index]);
        if (!_template.TrimsPlaces || TokenOf(id) is not { } token)
            return new TextRange(start, end);

        // White space that an added token has swallowed is told by the text itself.
        var (seen, space) = _added.Contains(id) ? (text[start..end], ' ') : (token, ByteAlphabet.LetterOf((byte)' '));
        var leading = seen.Length - seen.TrimStart(space).Length;
        var trailing = seen.Length - seen.TrimEnd(space).Length;
        if (leading > 0 && _template.HasPrefixSpace && (index == 0 || start == 0))
            leading--;
        start = Math.Min(start + leading, end);
        if (trailing > 0 && end >= trailing)
            end = Math.Max(end - trailing, start);
        return new TextRange(start, end);
    }
}

/// <summary>A part of a text in UTF-16 units, as strings are indexed.</summary>
/// <param name="Start">The first unit.</param>
/// <param name="End">Behind the last unit.</param>
public readonly record struct TextRange(int Start, int End);

/// <summary>A text, or two, as a model takes them. All lists have one entry a token.</summary>
/// <param name="Ids">Token ids.</param>
/// <param name="TypeIds">Segment numbers: which of two texts a token belongs to, as the tokenizer counts them.</param>
/// <param name="Places">The part of its text that each token stands for; empty at 0 for special tokens that were added.</param>
/// <param name="SpecialTokens">Whether the tokenizer added the token.</param>
public sealed record TokenizedText(int[] Ids, int[] TypeIds, TextRange[] Places, bool[] SpecialTokens);
