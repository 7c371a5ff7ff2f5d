using Tiebreak.Tokenization.Processing;

namespace Tiebreak.Tokenization.Splitting;

/// <summary>One splitter after the other: each cuts the pieces of the one before.</summary>
internal sealed class SplitterSequence(IPieceSplitter outer, IPieceSplitter inner) : IPieceSplitter
{
    public void Split(ReadOnlySpan<byte> text, int start, int end, PieceList pieces)
    {
        var parts = Reused<PieceList>.Rent();
        parts.Clear();
        outer.Split(text, start, end, parts);
        for (var i = 0; i < parts.Count; i++)
            inner.Split(text, parts.Start(i), parts.End(i), pieces);
        Reused<PieceList>.Return(parts);
    }
}
