using System.Globalization;
using System.Text;

namespace Tiebreak.Tokenization.Jinja.Syntax;

/// <summary>What a text in quotes stands for: Python's escapes. A backslash before anything else is a backslash.</summary>
internal static class StringLiteral
{
    public static string Read(string quoted)
    {
        if (!quoted.Contains('\\', StringComparison.Ordinal))
            return quoted;
        var text = new StringBuilder(quoted.Length);
        for (var i = 0; i < quoted.Length;)
            i = quoted[i] == '\\' ? ReadEscape(quoted, i + 1, text) : Copy(quoted, i, text);
        return text.ToString();
    }

    private static int Copy(string quoted, int at, StringBuilder text)
    {
        text.Append(quoted[at]);
        return at + 1;
    }

    // Reads what follows a backslash and returns the place behind it.
    private static int ReadEscape(string quoted, int at, StringBuilder text)
    {
        switch (quoted[at])
        {
            case '\n':
                return at + 1;
            case 'x':
                return ReadHexadecimal(quoted, at + 1, 2, text);
            case 'u':
                return ReadHexadecimal(quoted, at + 1, 4, text);
            case 'U':
                return ReadHexadecimal(quoted, at + 1, 8, text);
            case 'N':
                throw JinjaException.Unsupported("characters by name, \\N{...}");
            case >= '0' and <= '7':
                var length = 1;
                while (length < 3 && at + length < quoted.Length && quoted[at + length] is >= '0' and <= '7')
                    length++;
                text.Append((char)Convert.ToInt32(quoted.Substring(at, length), 8));
                return at + length;
            default:
                var place = @"\'""abfnrtv".IndexOf(quoted[at], StringComparison.Ordinal);
                _ = place < 0 ? text.Append('\\').Append(quoted[at]) : text.Append("\\'\"\a\b\f\n\r\t\v"[place]);
                return at + 1;
        }
    }

    private static int ReadHexadecimal(string quoted, int at, int length, StringBuilder text)
    {
        if (at + length > quoted.Length
            || !int.TryParse(quoted.AsSpan(at, length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var point)
            || point is < 0 or > 0x10FFFF)
        {
            throw new JinjaException("An escape such as \\x41 or \\u0041 is cut short or names no character.");
        }

        _ = point > 0xFFFF ? text.Append(char.ConvertFromUtf32(point)) : text.Append((char)point);
        return at + length;
    }
}
