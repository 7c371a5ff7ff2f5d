namespace Tiebreak.Data.Reading;

/// <summary>Lines and columns in UTF-8 text whose lines end with LF, CRLF or CR, also mixed.</summary>
internal static class LineBreaks
{
    /// <summary>The number of line ends. The text must not begin between a CR and its LF.</summary>
    public static int Count(ReadOnlySpan<byte> text)
    {
        var feeds = text.Count((byte)'\n');
        var returns = text.Count((byte)'\r');
        return returns == 0 ? feeds : feeds + returns - text.Count("\r\n"u8);
    }

    /// <summary>The column of an offset in characters; the first is 1.</summary>
    public static int Column(ReadOnlySpan<byte> text, int offset)
    {
        var line = text[..offset];
        line = line[(line.LastIndexOfAny((byte)'\n', (byte)'\r') + 1)..];
        var column = 1;
        foreach (var unit in line)
        {
            // Every byte of UTF-8 but the continuation bytes starts a character.
            if ((unit & 0xC0) != 0x80)
                column++;
        }

        return column;
    }
}
