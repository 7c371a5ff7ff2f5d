using Tiebreak.Tokenization.Processing;

namespace Tiebreak.Tokenization.Splitting;

/// <summary>The last alternatives of all the known patterns: <c>\s*[\r\n]+|\s+(?!\S)|\s+</c>.</summary>
internal static class WhiteSpaceRun
{
    /// <summary>The end of the piece that begins with the white space at <paramref name="at"/>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">A white-space character.</param>
    /// <param name="end">Where the text ends.</param>
    /// <param name="breaksAtLineEnd">Whether <c>\s*[\r\n]+</c> is among the alternatives.</param>
    public static int EndOf(ReadOnlySpan<byte> text, int at, int end, bool breaksAtLineEnd)
    {
        var (stop, last, afterLineEnd) = (at, at, 0);
        while (stop < end)
        {
            var kind = CharacterClass.At(text, stop, out var length);
            if ((kind & CharacterClass.Space) == 0)
                break;
            last = stop;
            stop += length;
            if ((kind & CharacterClass.LineEnd) != 0)
                afterLineEnd = stop;
        }

        if (breaksAtLineEnd && afterLineEnd > 0)
            return afterLineEnd;
        return stop == end || last == at ? stop : last;
    }
}
