using System.Buffers.Text;

namespace Tiebreak.Data.Votes;

/// <summary>
/// Reads numbers, those of up to 15 digits without an exponent in a few nanoseconds: such digits, and ten to the power of up to 15, are
/// whole in a double, so that their quotient is rounded once and right (Clinger, "How to read floating point numbers accurately", PLDI
/// 1990).
/// </summary>
internal static class PlainNumber
{
    private const int MostDigits = 15;

    private static readonly double[] Powers = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    /// <summary>The number that the text is, all of it; false where it is none.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out double number)
    {
        var (digits, point) = (0L, -1);
        if (text.Length is 0 or > MostDigits + 1)
            return Slowly(text, out number);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is >= (byte)'0' and <= (byte)'9' and var digit)
                digits = (10 * digits) + (digit - '0');
            else if (text[i] == '.' && point < 0)
                point = i;
            else
                return Slowly(text, out number);
        }

        // Sixteen digits, or a point that is all there is or stands at an end.
        if ((point < 0 && text.Length > MostDigits) || point == 0 || point == text.Length - 1)
            return Slowly(text, out number);
        number = digits / Powers[point < 0 ? 0 : text.Length - 1 - point];
        return true;
    }

    private static bool Slowly(ReadOnlySpan<byte> text, out double number) =>
        Utf8Parser.TryParse(text, out number, out var used) && used == text.Length;
}
