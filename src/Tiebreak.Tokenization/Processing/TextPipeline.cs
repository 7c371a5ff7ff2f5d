using Tiebreak.Tokenization.Models;
using Tiebreak.Tokenization.Normalization;
using Tiebreak.Tokenization.Splitting;
using Tiebreak.Tokenization.Vocabularies;

namespace Tiebreak.Tokenization.Processing;

/// <summary>
/// From text to tokens: added tokens are cut out of the original text, what lies between is normalised, added tokens that are sought there
/// are cut out of that, the rest is prepared, split into pieces and given to the model.
/// </summary>
internal sealed class TextPipeline
{
    /// <summary>Added tokens sought in the original text.</summary>
    public required AddedTokenFinder InOriginal { get; init; }

    /// <summary>Added tokens sought in the normalised text.</summary>
    public required AddedTokenFinder InNormalized { get; init; }

    public required ITextTransform[] Normalizers { get; init; }

    /// <summary>What pre-tokenizers do to the text itself.</summary>
    public required ITextTransform[] Preparations { get; init; }

    /// <summary>Null where the model gets the whole text.</summary>
    public required IPieceSplitter? Splitter { get; init; }

    public required ISubwordModel Model { get; init; }

    /// <summary>Fills <see cref="Workspace.Tokens"/>; places are in UTF-16 units of the text.</summary>
    public void Run(ReadOnlySpan<char> text, bool parseSpecial, bool withPlaces, Workspace workspace)
    {
        var original = workspace.Original;
        original.Load(text, withPlaces);
        workspace.Tokens.Clear(withPlaces);
        if (InOriginal.IsEmpty)
        {
            Normalize(original, 0, original.Length, parseSpecial, workspace);
            return;
        }

        for (var at = 0; at < original.Length;)
        {
            var token = InOriginal.Next(original.Bytes, at, original.Length, parseSpecial, out var start, out var stop);
            Normalize(original, at, start, parseSpecial, workspace);
            if (token is not null)
                AddPlaced(token, original, start, stop, workspace.Tokens);
            at = stop;
        }
    }

    private void Normalize(AlignedText source, int from, int to, bool parseSpecial, Workspace workspace)
    {
        if (from == to)
            return;
        source = Transform(Normalizers, source, ref from, ref to, workspace.Normalized, workspace.NormalizedBetween);
        if (InNormalized.IsEmpty)
        {
            Prepare(source, from, to, workspace);
            return;
        }

        while (from < to)
        {
            var token = InNormalized.Next(source.Bytes, from, to, parseSpecial, out var start, out var stop);
            Prepare(source, from, start, workspace);
            if (token is not null)
                AddPlaced(token, source, start, stop, workspace.Tokens);
            from = stop;
        }
    }

    private void Prepare(AlignedText source, int from, int to, Workspace workspace)
    {
        if (from == to)
            return;
        source = Transform(Preparations, source, ref from, ref to, workspace.Prepared, workspace.PreparedBetween);
        var pieces = workspace.Pieces;
        pieces.Clear();
        if (Splitter is null)
            pieces.Add(from, to);
        else
            Splitter.Split(source.Bytes, from, to, pieces);

        var before = workspace.Tokens.Count;
        if (source.IsAligned)
            EncodeWithPlaces(source, before, workspace);
        else
            Encode(source.Buffer, workspace);
    }

    private void Encode(byte[] text, Workspace workspace)
    {
        var (pieces, tokens, cache) = (workspace.Pieces, workspace.Tokens, workspace.Cache);
        for (var i = 0; i < pieces.Count; i++)
        {
            var (start, end) = (pieces.Start(i), pieces.End(i));
            if (end - start > PieceCache.MaxPieceBytes)
            {
                tokens.BeginPiece();
                Model.Encode(text, start, end, workspace);
            }
            else if (!cache.TryAppend(text, start, end - start, tokens, out var key))
            {
                var before = tokens.Count;
                tokens.BeginPiece();
                Model.Encode(text, start, end, workspace);
                cache.Store(key, tokens.Ids[before..]);
            }
        }
    }

    private void EncodeWithPlaces(AlignedText source, int before, Workspace workspace)
    {
        var tokens = workspace.Tokens;
        for (var i = 0; i < workspace.Pieces.Count; i++)
        {
            tokens.BeginPiece();
            Model.Encode(source.Buffer, workspace.Pieces.Start(i), workspace.Pieces.End(i), workspace);
        }

        for (var i = before; i < tokens.Count; i++)
        {
            tokens.Ends[i] = source.OriginalEnd(tokens.Ends[i] - 1);
            tokens.Starts[i] = source.OriginalStart(tokens.Starts[i]);
        }
    }

    private static AlignedText Transform(
        ITextTransform[] transforms, AlignedText source, ref int from, ref int to, AlignedText first, AlignedText second)
    {
        foreach (var transform in transforms)
        {
            var target = ReferenceEquals(source, first) ? second : first;
            target.Clear(source.IsAligned, source.IsAtStart && from == 0);
            transform.Apply(source, from, to, target);
            (source, from, to) = (target, 0, target.Length);
        }

        return source;
    }

    private static void AddPlaced(AddedToken token, AlignedText source, int start, int stop, TokenList tokens)
    {
        if (source.IsAligned)
            tokens.Add(token.Id, source.OriginalStart(start), source.OriginalEnd(stop - 1));
        else
            tokens.Add(token.Id, 0, 0);
    }
}
