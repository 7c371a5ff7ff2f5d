namespace Tiebreak.Tokenization.Splitting;

/// <summary>English contractions: <c>'s|'t|'re|'ve|'m|'ll|'d</c>.</summary>
internal static class Contraction
{
    /// <summary>Bytes of the contraction that begins at a place, or 0.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">The place.</param>
    /// <param name="end">Where the text ends.</param>
    /// <param name="ignoresCase">Unicode's simple case folding, in which ſ (U+017F) is an s.</param>
    public static int LengthAt(ReadOnlySpan<byte> text, int at, int end, bool ignoresCase)
    {
        if (at + 1 >= end || text[at] != '\'')
            return 0;
        var fold = ignoresCase ? 0x20 : 0;
        var first = text[at + 1] | (text[at + 1] < 0x80 ? fold : 0);
        if (first is 's' or 't' or 'm' or 'd')
            return 2;
        if (at + 2 >= end)
            return 0;
        if (ignoresCase && text[at + 1] == 0xC5 && text[at + 2] == 0xBF)
            return 3;
        var second = text[at + 2] | (text[at + 2] < 0x80 ? fold : 0);
        return (first, second) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? 3 : 0;
    }
}
