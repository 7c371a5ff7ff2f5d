using System.Runtime.CompilerServices;

namespace Tiebreak.Tokenization.Processing;

/// <summary>Code points in UTF-8 that is known to be valid.</summary>
internal static class CodePoint
{
    /// <summary>Number of code points there are room for.</summary>
    public const int Count = 0x110000;

    /// <summary>Bytes of the character that begins with this byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int LengthOf(byte first) => first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;

    /// <summary>The code point that begins at a place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Decode(ReadOnlySpan<byte> text, int at, out int length)
    {
        int first = text[at];
        if (first < 0x80)
        {
            length = 1;
            return first;
        }

        return DecodeLong(text, at, first, out length);
    }

    /// <summary>Writes a code point; surrogates have no UTF-8 and must not be given.</summary>
    /// <returns>Bytes written.</returns>
    public static int Encode(int codePoint, Span<byte> target)
    {
        if (codePoint < 0x80)
        {
            target[0] = (byte)codePoint;
            return 1;
        }

        if (codePoint < 0x800)
        {
            target[0] = (byte)(0xC0 | (codePoint >> 6));
            target[1] = (byte)(0x80 | (codePoint & 0x3F));
            return 2;
        }

        if (codePoint < 0x10000)
        {
            target[0] = (byte)(0xE0 | (codePoint >> 12));
            target[1] = (byte)(0x80 | ((codePoint >> 6) & 0x3F));
            target[2] = (byte)(0x80 | (codePoint & 0x3F));
            return 3;
        }

        target[0] = (byte)(0xF0 | (codePoint >> 18));
        target[1] = (byte)(0x80 | ((codePoint >> 12) & 0x3F));
        target[2] = (byte)(0x80 | ((codePoint >> 6) & 0x3F));
        target[3] = (byte)(0x80 | (codePoint & 0x3F));
        return 4;
    }

    /// <summary>Where the last character before <paramref name="end"/> begins.</summary>
    public static int StartOfLast(ReadOnlySpan<byte> text, int end)
    {
        var start = end - 1;
        while ((text[start] & 0xC0) == 0x80)
            start--;
        return start;
    }

    private static int DecodeLong(ReadOnlySpan<byte> text, int at, int first, out int length)
    {
        if (first < 0xE0)
        {
            length = 2;
            return ((first & 0x1F) << 6) | (text[at + 1] & 0x3F);
        }

        if (first < 0xF0)
        {
            length = 3;
            return ((first & 0x0F) << 12) | ((text[at + 1] & 0x3F) << 6) | (text[at + 2] & 0x3F);
        }

        length = 4;
        return ((first & 0x07) << 18) | ((text[at + 1] & 0x3F) << 12) | ((text[at + 2] & 0x3F) << 6) | (text[at + 3] & 0x3F);
    }
}
