using System.Globalization;
using System.Text;
using Tiebreak.Tokenization.Jinja.Evaluation;

namespace Tiebreak.Tokenization.Jinja.Values;

/// <summary>Texts as Python sees them: made of code points, with its own idea of white space and its own way to quote.</summary>
internal static class PythonText
{
    /// <summary>Python's white space: .NET's and the four separators U+001C to U+001F.</summary>
    public static bool IsSpace(char character) => char.IsWhiteSpace(character) || character is >= '\u001C' and <= '\u001F';

    /// <summary>Whether each code point is one UTF-16 unit, so that positions are the same in both.</summary>
    public static bool IsPlain(string text) => !text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF');

    /// <summary>How many code points a text has.</summary>
    public static int Count(string text)
    {
        if (IsPlain(text))
            return text.Length;
        var count = 0;
        for (var i = 0; i < text.Length; i += UnitsAt(text, i))
            count++;
        return count;
    }

    /// <summary>The code points of a text, as texts.</summary>
    public static IEnumerable<string> CodePoints(string text)
    {
        for (var i = 0; i < text.Length; i += UnitsAt(text, i))
            yield return text.Substring(i, UnitsAt(text, i));
    }

    /// <summary>A part of a text by code points.</summary>
    public static string Part(string text, int start, int length)
    {
        if (IsPlain(text))
            return text.Substring(start, length);
        var begin = UnitsOf(text, 0, start);
        return text.Substring(begin, UnitsOf(text, begin, length) - begin);
    }

    /// <summary>How many UTF-16 units the code point at a position has.</summary>
    public static int UnitsAt(string text, int unit) =>
        unit + 1 < text.Length && char.IsSurrogatePair(text[unit], text[unit + 1]) ? 2 : 1;

    /// <summary>How many UTF-16 units the code point before a position has.</summary>
    public static int UnitsBefore(string text, int unit) =>
        unit > 1 && char.IsSurrogatePair(text[unit - 2], text[unit - 1]) ? 2 : 1;

    /// <summary>Position in UTF-16 units as one in code points; -1 stays.</summary>
    public static int CodePointAt(string text, int unit) => unit < 0 ? unit : Count(text[..unit]);

    /// <summary>Without white space at both ends.</summary>
    public static string Strip(string text) => StripStart(StripEnd(text));

    public static string StripStart(string text)
    {
        var start = 0;
        while (start < text.Length && IsSpace(text[start]))
            start++;
        return text[start..];
    }

    public static string StripEnd(string text)
    {
        var end = text.Length;
        while (end > 0 && IsSpace(text[end - 1]))
            end--;
        return text[..end];
    }

    /// <summary>Orders texts by code points, which UTF-16 units do not beyond the basic plane.</summary>
    public static int Compare(string left, string right)
    {
        var same = left.AsSpan().CommonPrefixLength(right);
        if (same == left.Length || same == right.Length)
            return left.Length.CompareTo(right.Length);
        var (a, b) = (left[same], right[same]);

        // A surrogate stands for a code point above all that are one unit.
        return char.IsSurrogate(a) == char.IsSurrogate(b) ? a.CompareTo(b) : char.IsSurrogate(a) ? 1 : -1;
    }

    /// <summary>Writes a text as <c>repr</c> does: quoted, with what cannot be printed as escapes.</summary>
    public static void WriteRepr(string text, TextSink sink)
    {
        var quote = text.Contains('\'', StringComparison.Ordinal) && !text.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        var quoted = new StringBuilder(text.Length + 2).Append(quote);
        foreach (var character in CodePoints(text))
        {
            var point = char.IsSurrogatePair(character, 0) ? char.ConvertToUtf32(character, 0) : character[0];
            _ = character switch
            {
                "\\" => quoted.Append(@"\\"),
                "\n" => quoted.Append(@"\n"),
                "\r" => quoted.Append(@"\r"),
                "\t" => quoted.Append(@"\t"),
                _ when character[0] == quote => quoted.Append('\\').Append(quote),
                _ when IsPrintable(point) => quoted.Append(character),
                _ => quoted.Append(Escape(point)),
            };
        }

        sink.Write(quoted.Append(quote).ToString());
    }

    private static string Escape(int point) => point switch
    {
        <= 0xFF => string.Create(CultureInfo.InvariantCulture, $"\\x{point:x2}"),
        <= 0xFFFF => string.Create(CultureInfo.InvariantCulture, $"\\u{point:x4}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"\\U{point:x8}"),
    };

    private static bool IsPrintable(int point) => point == ' ' || CharUnicodeInfo.GetUnicodeCategory(point) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.SpaceSeparator);

    private static int UnitsOf(string text, int start, int points)
    {
        var unit = start;
        for (; points > 0 && unit < text.Length; points--)
            unit += UnitsAt(text, unit);
        return unit;
    }
}
