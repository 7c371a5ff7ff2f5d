using System.Text;
using Tiebreak.Core;
using Tiebreak.Tokenization.Decoding;
using Tiebreak.Tokenization.Models;
using Tiebreak.Tokenization.Normalization;
using Tiebreak.Tokenization.Splitting;
using Tiebreak.Tokenization.Templates;
using Tiebreak.Tokenization.Vocabularies;

namespace Tiebreak.Tokenization.Formats;

/// <summary>Tokenizers out of a SentencePiece model: as SentencePiece runs it, and as transformers converts it.</summary>
internal sealed class SentencePieceBuilder
{
    private static readonly byte[] Mark = "\u2581"u8.ToArray();

    private readonly SentencePieceFile _file;
    private readonly KeyValuePair<string, int>[] _tokens;
    private readonly Dictionary<string, int> _ids;

    public SentencePieceBuilder(SentencePieceFile file)
    {
        _file = file;
        _tokens = [.. file.Pieces.Select((piece, id) => KeyValuePair.Create(piece.Text, id))];
        _ids = new Dictionary<string, int>(_tokens.DistinctBy(token => token.Key, StringComparer.Ordinal), StringComparer.Ordinal);
        if (!file.IsUnigram && file.Pieces.Exists(piece => piece.Kind is SentencePieceKind.Unused))
            throw new InputException($"{file.Path} is a BPE model with unused pieces, which Tiebreak does not know.");
    }

    public TokenizerParts AsItIs()
    {
        var userDefined = Trie(SentencePieceKind.UserDefined);
        var rules = _file.Charsmap.Length > 0 ? new Charsmap(_file.Charsmap, _file.Path) : null;
        return Common(userDefined, likeSentencePiece: true) with
        {
            Normalizers = [new SentencePieceTransform(rules, userDefined, _file.AddsPrefix, _file.FoldsSpaces)],
            Decoders =
            [
                new SentencePieceDecoder(
                    token => _ids.TryGetValue(token, out var id) && _file.Pieces[id].Kind is SentencePieceKind.Control,
                    _file.Pieces[_file.Unknown].Text, _file.AddsPrefix || _file.FoldsSpaces, _file.FoldsSpaces),
            ],
        };
    }

    /// <summary>transformers' converters: DebertaV2Converter for unigram models, LlamaConverter and GemmaConverter for BPE.</summary>
    public TokenizerParts AsFast(TokenizerConfig? config)
    {
        var added = _file.Pieces.Select((piece, id) => (Piece: piece, Id: id))
            .Where(item => item.Piece.Kind is SentencePieceKind.Control or SentencePieceKind.Unknown or SentencePieceKind.UserDefined)
            .Select(item => new AddedToken
            {
                Content = item.Piece.Text,
                Id = item.Id,
                IsSpecial = item.Piece.Kind is not SentencePieceKind.UserDefined,
            })
            .ToList();
        if (_file.IsUnigram && _ids.ContainsKey("[CLS]") && !_ids.ContainsKey("[MASK]"))
            added.Add(new AddedToken { Content = "[MASK]", Id = _tokens.Length, IsSpecial = true });

        var parts = Common(frozen: null, likeSentencePiece: false) with { Added = added, ControlIds = [] };
        parts = _file.IsUnigram ? AsFastUnigram(parts, config)
            : config is { Class: "LlamaTokenizer", IsLegacy: false } ? AsNewLlama(parts)
            : AsFastBytePair(parts);
        return config is null ? parts : config.Apply(parts);
    }

    private TokenizerParts AsFastUnigram(TokenizerParts parts, TokenizerConfig? config)
    {
        if (config is { SplitsByPunctuation: true })
        {
            throw new InputException($"The settings beside {_file.Path} say split_by_punct, which Tiebreak does not do; it reads "
                + "SentencePiece models of DeBERTa-v2 that leave punctuation with the words, as the published ones do.");
        }

        ITextTransform[] lower = config is { LowersCase: true } ? [CharacterTransform.Lowercase] : [];
        ITextTransform[] rules = _file.Charsmap.Length > 0 ? [new ClusterCharsmapTransform(new Charsmap(_file.Charsmap, _file.Path))] : [];
        return parts with
        {
            Normalizers =
            [
                .. lower, new StripTransform(left: true, right: true), .. rules,
                new ReplaceTransform(new SpaceRunPattern(), " "u8.ToArray()),
            ],
            Preparations = [new SpaceTransform(Mark), new PrependTransform(Mark, unlessPresent: true, firstOnly: false)],
            Splitter = new MarkSplitter(Mark),
            Decoders = [TokenMapDecoder.Metaspace("\u2581", dropsFirst: true)],
        };
    }

    private TokenizerParts AsFastBytePair(TokenizerParts parts) => parts with
    {
        Normalizers = _file.AddsPrefix
            ? [new PrependTransform(Mark, unlessPresent: false, firstOnly: false), new SpaceTransform(Mark)]
            : [new SpaceTransform(Mark)],
        Decoders =
        [
            TokenMapDecoder.Replace("\u2581", " "), new ByteFallbackDecoder(), new FuseDecoder(),
            TokenMapDecoder.Strip(' ', _file.AddsPrefix ? 1 : 0, 0),
        ],
    };

    // Without "legacy" only the beginning of the whole text gets a space, and none where there is one.
    private TokenizerParts AsNewLlama(TokenizerParts parts) => AsFastBytePair(parts) with
    {
        Normalizers = [],
        Preparations = _file.AddsPrefix
            ? [new SpaceTransform(Mark), new PrependTransform(Mark, unlessPresent: true, firstOnly: true)]
            : [new SpaceTransform(Mark)],
    };

    private TokenizerParts Common(ByteTrie? frozen, bool likeSentencePiece)
    {
        var bytes = _file.HasByteFallback
            ? BytePairBuilder.ByteTokens(token => _ids.TryGetValue(token, out var id) ? id : null)
            : null;
        if (bytes is not null && bytes.AsSpan().Contains(-1))
        {
            throw new InputException(
                $"{_file.Path} says that it has byte pieces, but not all 256 are there. The file is damaged; download it again.");
        }

        return new TokenizerParts
        {
            Description = _file.IsUnigram ? "Unigram, SentencePiece" : "BPE over characters, SentencePiece",
            Tokens = _tokens,
            Model = _file.IsUnigram ? Unigram(bytes, likeSentencePiece) : BytePair(bytes, frozen),
            ControlIds = [.. _tokens.Where(token => _file.Pieces[token.Value].Kind is SentencePieceKind.Control)
                .Select(token => token.Value)],
            Splitter = _file.IsUnigram || bytes is null ? null : new JoinSplitter(_tokens.Select(token => token.Key)),
            Template = Template(),
        };
    }

    private SpecialTokensTemplate Template()
    {
        if (_ids.TryGetValue("[CLS]", out var cls) && _ids.TryGetValue("[SEP]", out var sep))
            return SpecialTokensTemplate.Bert(cls, sep);
        return _file.Bos >= 0 && _file.Bos < _file.Pieces.Count && _file.Pieces[_file.Bos].Kind is SentencePieceKind.Control
            ? SpecialTokensTemplate.Around([_file.Bos], [])
            : SpecialTokensTemplate.None;
    }

    private UnigramModel Unigram(int[]? bytes, bool likeSentencePiece)
    {
        var normal = _file.Pieces.Where(piece => piece.Kind is SentencePieceKind.Normal).Select(piece => piece.Score)
            .DefaultIfEmpty().ToList();
        if (!likeSentencePiece)
        {
            // The library's vocabulary knows no kinds: every piece is text, and there is no byte fallback unless the converter asks for it.
            var all = new ByteTrie(_tokens.Select(token => KeyValuePair.Create(Encoding.UTF8.GetBytes(token.Key), token.Value)));
            double[] given = [.. _file.Pieces.Select(piece => (double)piece.Score)];
            return new UnigramModel(all, given, _file.Unknown, given.Min() - ModelJson.UnknownPenalty, bytes: null, roundsToFloat: false);
        }

        var trie = Trie(SentencePieceKind.Normal, SentencePieceKind.UserDefined)
            ?? throw new InputException($"{_file.Path} has no pieces of text. The file is damaged; download it again.");
        var max = normal.Max();
        double[] scores = [.. _file.Pieces.Select(piece => piece.Kind is SentencePieceKind.UserDefined
            ? (Encoding.UTF8.GetByteCount(piece.Text) * max) - 0.1
            : piece.Score)];
        return new UnigramModel(
            trie, scores, _file.Unknown, normal.Min() - (float)ModelJson.UnknownPenalty, bytes, roundsToFloat: true);
    }

    private BytePairModel BytePair(int[]? bytes, ByteTrie? frozen)
    {
        var normal = _tokens.Where(token => _file.Pieces[token.Value].Kind is SentencePieceKind.Normal).ToList();
        var rank = new int[_tokens.Length];
        var next = 0;
        foreach (var level in normal.GroupBy(token => _file.Pieces[token.Value].Score).OrderByDescending(level => level.Key))
        {
            foreach (var token in level)
                rank[token.Value] = next;
            next++;
        }

        var merges = BytePairBuilder.MergesOf(
            [.. normal.Select(token => KeyValuePair.Create(Encoding.UTF8.GetBytes(token.Key), token.Value))], id => rank[id]);
        var symbols = new CharacterSymbols(BytePairBuilder.Characters(normal), bytes, _file.Unknown, fusesUnknown: true, frozen);
        return new BytePairModel(symbols, new MergeEngine(new PairTable(merges)), whole: null);
    }

    private ByteTrie? Trie(params SentencePieceKind[] kinds)
    {
        var pieces = _tokens.Where(token => kinds.Contains(_file.Pieces[token.Value].Kind)).ToList();
        return pieces.Count == 0
            ? null
            : new ByteTrie(pieces.Select(token => KeyValuePair.Create(Encoding.UTF8.GetBytes(token.Key), token.Value)));
    }
}
