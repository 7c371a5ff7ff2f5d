using Tiebreak.Tokenization.Processing;

namespace Tiebreak.Tokenization.Splitting;

/// <summary>A string as it stands.</summary>
/// <param name="literal">UTF-8, not empty.</param>
internal sealed class LiteralPattern(byte[] literal) : ITextPattern
{
    public void Find(ReadOnlySpan<byte> text, int start, int end, PieceList matches)
    {
        while (text[start..end].IndexOf(literal) is var ahead and >= 0)
        {
            matches.Add(start + ahead, start + ahead + literal.Length);
            start += ahead + literal.Length;
        }
    }
}
