using Tiebreak.Tokenization.Processing;

namespace Tiebreak.Tokenization.Splitting;

/// <summary>The pattern <c> {2,}</c>: two spaces or more.</summary>
internal sealed class SpaceRunPattern : ITextPattern
{
    public const string Regex = " {2,}";

    public void Find(ReadOnlySpan<byte> text, int start, int end, PieceList matches)
    {
        while (text[start..end].IndexOf("  "u8) is var ahead and >= 0)
        {
            var from = start + ahead;
            start = from + 2;
            while (start < end && text[start] == ' ')
                start++;
            matches.Add(from, start);
        }
    }
}
