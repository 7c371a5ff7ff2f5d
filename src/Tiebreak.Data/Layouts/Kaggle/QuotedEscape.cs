namespace Tiebreak.Data.Layouts.Kaggle;

/// <summary>
/// JSON escapes inside a cell that is still quoted, where <c>\"</c> is written <c>\""</c>. A lone surrogate becomes U+FFFD.
/// </summary>
internal static class QuotedEscape
{
    /// <summary>Reads the escape that begins with the backslash at <paramref name="read"/>, which is not the last byte.</summary>
    /// <param name="cell">The cell, every quote in it doubled.</param>
    /// <param name="read">Moves behind the escape.</param>
    /// <param name="scratch">Takes one character, or two for a surrogate pair.</param>
    /// <param name="written">Moves behind the characters.</param>
    /// <returns>False if this is no escape of JSON.</returns>
    public static bool TryRead(ReadOnlySpan<byte> cell, ref int read, Span<char> scratch, ref int written)
    {
        var kind = cell[read + 1];
        if (kind == 'u')
            return ReadUnicode(cell, ref read, scratch, ref written);
        if (kind == '"')
        {
            scratch[written++] = '"';
            read += 3;
            return read <= cell.Length && cell[read - 1] == '"';
        }

        var unit = (char)kind switch
        {
            'n' => '\n',
            '\\' or '/' => (char)kind,
            't' => '\t',
            'r' => '\r',
            'b' => '\b',
            'f' => '\f',
            _ => '\0',
        };
        scratch[written++] = unit;
        read += 2;
        return unit != '\0';
    }

    private static bool ReadUnicode(ReadOnlySpan<byte> cell, ref int read, Span<char> scratch, ref int written)
    {
        if (!TryHex(cell, read + 2, out var unit))
            return false;

        read += 6;
        if (char.IsHighSurrogate(unit) && cell[read..].StartsWith("\\u"u8) && TryHex(cell, read + 2, out var second)
            && char.IsLowSurrogate(second))
        {
            scratch[written++] = unit;
            unit = second;
            read += 6;
        }
        else if (char.IsSurrogate(unit))
        {
            unit = '\uFFFD';
        }

        scratch[written++] = unit;
        return true;
    }

    private static bool TryHex(ReadOnlySpan<byte> cell, int start, out char unit)
    {
        unit = '\0';
        if (start + 4 > cell.Length)
            return false;

        var digits = cell.Slice(start, 4);
        var value = (HexDigit(digits[0]) << 12) | (HexDigit(digits[1]) << 8) | (HexDigit(digits[2]) << 4) | HexDigit(digits[3]);
        unit = (char)value;
        return value >= 0;
    }

    /// <summary>The value of a digit, or -1, which stays negative in whatever it is combined with.</summary>
    private static int HexDigit(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => -1,
    };
}
