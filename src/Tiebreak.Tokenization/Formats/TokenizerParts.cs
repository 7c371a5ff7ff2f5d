using Tiebreak.Tokenization.Decoding;
using Tiebreak.Tokenization.Models;
using Tiebreak.Tokenization.Normalization;
using Tiebreak.Tokenization.Processing;
using Tiebreak.Tokenization.Splitting;
using Tiebreak.Tokenization.Templates;
using Tiebreak.Tokenization.Vocabularies;

namespace Tiebreak.Tokenization.Formats;

/// <summary>Everything a file says of its tokenizer, put together at the end.</summary>
internal sealed record TokenizerParts
{
    public required string Description { get; init; }

    /// <summary>The model's tokens by text.</summary>
    public required IReadOnlyCollection<KeyValuePair<string, int>> Tokens { get; init; }

    public required ISubwordModel Model { get; init; }

    public IReadOnlyList<AddedToken> Added { get; init; } = [];

    /// <summary>Special tokens that are never looked for in a text.</summary>
    public IReadOnlyList<int> ControlIds { get; init; } = [];

    public ITextTransform[] Normalizers { get; init; } = [];

    public ITextTransform[] Preparations { get; init; } = [];

    public IPieceSplitter? Splitter { get; init; }

    public SpecialTokensTemplate Template { get; init; } = SpecialTokensTemplate.None;

    /// <summary>Null where tokens are joined with spaces.</summary>
    public IReadOnlyList<ITokenDecoder>? Decoders { get; init; }

    public IReadOnlyList<string> Notes { get; init; } = [];

    public Tokenizer Build() => new(
        new TextPipeline
        {
            InOriginal = new AddedTokenFinder(Added.Where(token => !token.IsNormalized)),
            InNormalized = new AddedTokenFinder(Added.Where(token => token.IsNormalized).Select(Normalized)),
            Normalizers = Normalizers,
            Preparations = Preparations,
            Splitter = Splitter,
            Model = Model,
        },
        new Vocabulary(Tokens, Added),
        Template,
        Decoders,
        [.. Added.Where(token => token.IsSpecial).Select(token => token.Id), .. ControlIds],
        Added.Select(token => token.Id))
    {
        Description = Description,
        Notes = Notes,
    };

    /// <summary>A token that is sought in normalised text is normalised itself.</summary>
    private AddedToken Normalized(AddedToken token)
    {
        var (source, target) = (new AlignedText(), new AlignedText());
        source.Load(token.Content, isAligned: false);
        foreach (var normalizer in Normalizers)
        {
            target.Clear(isAligned: false, isAtStart: true);
            normalizer.Apply(source, 0, source.Length, target);
            (source, target) = (target, source);
        }

        return token with { Content = System.Text.Encoding.UTF8.GetString(source.Bytes) };
    }
}
