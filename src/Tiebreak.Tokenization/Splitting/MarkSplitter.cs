using Tiebreak.Tokenization.Processing;

namespace Tiebreak.Tokenization.Splitting;

/// <summary>Every mark (▁) begins a piece.</summary>
/// <param name="mark">UTF-8 of the mark.</param>
internal sealed class MarkSplitter(byte[] mark) : IPieceSplitter
{
    public void Split(ReadOnlySpan<byte> text, int start, int end, PieceList pieces)
    {
        var at = start;
        while (text[at..end].IndexOf(mark) is var ahead and >= 0)
        {
            pieces.Add(start, at + ahead);
            start = at + ahead;
            at = start + mark.Length;
        }

        pieces.Add(start, end);
    }
}
