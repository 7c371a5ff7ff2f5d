using System.Globalization;
using System.Text;

namespace Tiebreak.Tokenization.Jinja.Functions;

/// <summary>Times as C's <c>strftime</c> writes them, in English.</summary>
internal static class TimeFormat
{
    /// <summary>Most characters that one of a format becomes.</summary>
    public const int LongestPart = 32;

    /// <exception cref="JinjaException">The format has a code that is not known.</exception>
    public static string Format(DateTime time, string format)
    {
        var text = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                text.Append(format[i]);
                continue;
            }

            var isShort = format[i + 1] == '-' && i + 2 < format.Length;
            i += isShort ? 2 : 1;
            var part = Part(time, format[i]);

            // "%-d": without the zero or space before a number of one digit.
            text.Append(isShort && part.TrimStart('0', ' ') is { Length: > 0 } digits ? digits : isShort ? "0" : part);
        }

        return text.ToString();
    }

    private static string Part(DateTime time, char code)
    {
        return code switch
        {
            'a' => Net("ddd"),
            'A' => Net("dddd"),
            'b' or 'h' => Net("MMM"),
            'B' => Net("MMMM"),
            'c' => $"{Net("ddd MMM")} {time.Day,2} {Net("HH:mm:ss yyyy")}",
            'd' => Net("dd"),
            'D' or 'x' => Net("MM/dd/yy"),
            'e' => Number(time.Day).PadLeft(2),
            'f' => Net("ffffff"),
            'F' => Net("yyyy-MM-dd"),
            'H' => Net("HH"),
            'I' => Net("hh"),
            'j' => time.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
            'm' => Net("MM"),
            'M' => Net("mm"),
            'n' => "\n",
            'p' => Net("tt"),
            'R' => Net("HH:mm"),
            'S' => Net("ss"),
            't' => "\t",
            'T' or 'X' => Net("HH:mm:ss"),
            'u' => Number(time.DayOfWeek is DayOfWeek.Sunday ? 7 : (int)time.DayOfWeek),
            'V' => ISOWeek.GetWeekOfYear(time).ToString("00", CultureInfo.InvariantCulture),
            'w' => Number((int)time.DayOfWeek),
            'y' => Net("yy"),
            'Y' => Number(time.Year),
            'z' or 'Z' => "",
            '%' => "%",
            _ => throw JinjaException.Unsupported($"the code \"%{code}\" of strftime_now"),
        };

        string Net(string net) => time.ToString(net, CultureInfo.InvariantCulture);
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
