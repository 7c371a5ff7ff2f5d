using Tiebreak.Tokenization.Processing;

namespace Tiebreak.Tokenization.Splitting;

/// <summary>Every single character of a kind.</summary>
internal sealed class CharacterPattern(Func<int, bool> isMatch) : ITextPattern
{
    public void Find(ReadOnlySpan<byte> text, int start, int end, PieceList matches)
    {
        for (var at = start; at < end;)
        {
            var codePoint = CodePoint.Decode(text, at, out var length);
            if (isMatch(codePoint))
                matches.Add(at, at + length);
            at += length;
        }
    }
}
