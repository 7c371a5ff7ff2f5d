using System.Buffers;
using System.Globalization;
using System.Text;

namespace Tiebreak.Data.Layouts;

/// <summary>
/// Values as Python writes them into the cells of a saved data frame: <c>['Hi', None]</c>, <c>[{'role': 'user', 'content': "it's"}]</c>,
/// and numpy's forms, which put blanks instead of commas between elements (<c>['Hi' 'there']</c>) or <c>array([...], dtype=object)</c>
/// around them. Read as the plain values of a <see cref="Record"/>; nothing is run.
/// </summary>
internal ref struct PythonLiteral
{
    private const int MostDepth = 64;

    private static readonly SearchValues<char> WordEnds = SearchValues.Create(" \t\r\n,]})");

    private readonly ReadOnlySpan<char> _text;
    private int _position;

    private PythonLiteral(ReadOnlySpan<char> text) => _text = text;

    private readonly char Current => _position < _text.Length ? _text[_position] : '\0';

    /// <summary>Reads a text that is one value.</summary>
    /// <param name="text">The text.</param>
    /// <param name="value">The value; null also where the text is none.</param>
    /// <returns>False if it is not a literal, or nested too deep.</returns>
    public static bool TryRead(ReadOnlySpan<char> text, out object? value)
    {
        var reader = new PythonLiteral(text);
        if (!reader.TryReadValue(MostDepth, out value))
            return false;
        reader.SkipBlanks();
        return reader._position == text.Length;
    }

    private bool TryReadValue(int depth, out object? value)
    {
        value = null;
        SkipBlanks();
        switch (Current)
        {
            case '[': return TryReadList(']', depth, out value);
            case '(': return TryReadList(')', depth, out value);
            case '{': return TryReadMapping(depth, out value);
            case '\'' or '"': return TryReadText(out value);
            default: return TryReadWord(depth, out value);
        }
    }

    private bool TryReadList(char end, int depth, out object? value)
    {
        var items = new List<object?>();
        value = items;
        _position++;
        while (depth > 0)
        {
            SkipBlanks();
            if (Take(end))
                return true;
            if (!TryReadValue(depth - 1, out var item))
                return false;
            items.Add(item);
            SkipBlanks();
            Take(',');
        }

        return false;
    }

    private bool TryReadMapping(int depth, out object? value)
    {
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        value = values;
        _position++;
        while (depth > 0)
        {
            SkipBlanks();
            if (Take('}'))
                return true;
            if (Current is not ('\'' or '"') || !TryReadText(out var name))
                return false;
            SkipBlanks();
            if (!Take(':') || !TryReadValue(depth - 1, out var item) || !values.TryAdd((string)name!, item))
                return false;
            SkipBlanks();
            if (!Take(',') && Current != '}')
                return false;
        }

        return false;
    }

    private bool TryReadText(out object? value)
    {
        value = null;
        var quote = _text[_position++];
        var text = new StringBuilder();
        while (_position < _text.Length)
        {
            var c = _text[_position++];
            if (c == quote)
            {
                value = text.ToString();
                return true;
            }

            if (c != '\\')
                text.Append(c);
            else if (!TryReadEscape(text))
                return false;
        }

        return false;
    }

    private bool TryReadEscape(StringBuilder text)
    {
        if (_position == _text.Length)
            return false;

        var kind = _text[_position++];
        switch (kind)
        {
            case 'n': text.Append('\n'); return true;
            case 't': text.Append('\t'); return true;
            case 'r': text.Append('\r'); return true;
            case 'a': text.Append('\a'); return true;
            case 'b': text.Append('\b'); return true;
            case 'f': text.Append('\f'); return true;
            case 'v': text.Append('\v'); return true;
            case '0': text.Append('\0'); return true;
            case 'x': return TryReadCode(2, text);
            case 'u': return TryReadCode(4, text);
            case 'U': return TryReadCode(8, text);
            case '\\' or '\'' or '"': text.Append(kind); return true;
            default: text.Append('\\').Append(kind); return true; // Python keeps both
        }
    }

    // Half of a surrogate pair becomes U+FFFD, as everywhere.
    private bool TryReadCode(int digits, StringBuilder text)
    {
        if (_position + digits > _text.Length
            || !int.TryParse(_text.Slice(_position, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
        {
            return false;
        }

        _position += digits;
        text.Append(Rune.IsValid(code) ? new Rune(code).ToString() : "\uFFFD");
        return true;
    }

    private bool TryReadWord(int depth, out object? value)
    {
        value = null;
        var rest = _text[_position..];
        if (rest.StartsWith("array("))
        {
            _position += "array(".Length;
            return depth > 0 && TryReadValue(depth - 1, out value) && SkipArguments();
        }

        var end = rest.IndexOfAny(WordEnds);
        var word = end < 0 ? rest : rest[..end];
        _position += word.Length;
        switch (word)
        {
            case "None" or "null" or "nan": return true;
            case "True" or "true": value = true; return true;
            case "False" or "false": value = false; return true;
        }

        if (long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
            value = whole;
        else if (double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            value = number;
        return value is not null;
    }

    // What numpy writes behind the elements: , dtype=object)
    private bool SkipArguments()
    {
        SkipBlanks();
        var end = _text[_position..].IndexOf(')');
        if (end < 0 || (end > 0 && !_text[_position..].StartsWith(",")))
            return false;
        _position += end + 1;
        return true;
    }

    private bool Take(char sign)
    {
        if (Current != sign)
            return false;
        _position++;
        return true;
    }

    private void SkipBlanks()
    {
        while (_position < _text.Length && char.IsWhiteSpace(_text[_position]))
            _position++;
    }
}
