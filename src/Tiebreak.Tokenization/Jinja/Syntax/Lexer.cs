using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using Tiebreak.Tokenization.Jinja.Values;

namespace Tiebreak.Tokenization.Jinja.Syntax;

/// <summary>
/// Cuts a template into tokens as Jinja does with the settings of transformers: <c>trim_blocks</c> (a line end right behind a block tag or
/// comment goes), <c>lstrip_blocks</c> (so does white space before one at the beginning of a line), and one line end at the end of the
/// template goes too. A <c>-</c> inside of a tag's brackets strips all white space on its side, a <c>+</c> keeps it.
/// </summary>
internal sealed partial class Lexer
{
    // None of the patterns goes back over a text: the time is linear, and never comes near this.
    private const int TimeoutMilliseconds = 60_000;

    // Longer ones first.
    private static readonly string[] Operators =
    [
        "**", "//", "==", "!=", "<=", ">=",
        "+", "-", "*", "/", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<", "=", ".", ":", "|", ",", ";",
    ];

    private readonly string _source;
    private readonly List<Token> _tokens = [];
    private int _at;
    private int _line = 1;
    private int _counted;

    private Lexer(string source) => _source = source;

    /// <summary>The tokens of a template; the last is <see cref="TokenKind.End"/>.</summary>
    /// <exception cref="JinjaException">Something in a tag is no token, or a tag or comment does not end.</exception>
    public static IReadOnlyList<Token> Read(string template)
    {
        var source = template.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        var lexer = new Lexer(source.EndsWith('\n') ? source[..^1] : source);
        try
        {
            lexer.ReadAll();
        }
        catch (JinjaException exception)
        {
            exception.LocateAt(lexer.Line());
            throw;
        }

        return lexer._tokens;
    }

    private void ReadAll()
    {
        while (NextTag() is var begin and >= 0)
        {
            var kind = _source[begin + 1];
            var sign = SignAt(begin + 2);
            AddText(begin, sign, isOutput: kind == '{');
            _at = begin + (sign == ' ' ? 2 : 3);
            switch (kind)
            {
                case '#':
                    SkipComment();
                    break;
                case '%' when RawBody() is { } body:
                    ReadRaw(body);
                    break;
                default:
                    ReadTag(isOutput: kind == '{');
                    break;
            }
        }

        AddText(_source.Length, ' ', isOutput: true);
        Add(TokenKind.End, "");
    }

    private int NextTag()
    {
        for (var brace = _source.IndexOf('{', _at); brace >= 0 && brace + 1 < _source.Length; brace = _source.IndexOf('{', brace + 1))
        {
            if (_source[brace + 1] is '{' or '%' or '#')
                return brace;
        }

        return -1;
    }

    private char SignAt(int place) => place < _source.Length && _source[place] is '-' or '+' ? _source[place] : ' ';

    // The text up to a tag, without the white space that the tag takes away.
    private void AddText(int end, char sign, bool isOutput)
    {
        var text = _source[_at..end];
        if (sign == '-')
        {
            text = PythonText.StripEnd(text);
        }
        else if (sign != '+' && !isOutput)
        {
            var lineStart = text.LastIndexOf('\n') + 1;
            var isLineStart = lineStart > 0 || _at == 0 || _source[_at - 1] == '\n';
            if (isLineStart && PythonText.StripStart(text[lineStart..]).Length == 0)
                text = text[..lineStart];
        }

        if (text.Length > 0)
            Add(TokenKind.Text, text);
    }

    private void SkipComment()
    {
        var end = _source.IndexOf("#}", _at, StringComparison.Ordinal);
        if (end < 0)
            throw new JinjaException("A comment does not end.");
        var sign = end > _at ? SignAt(end - 1) : ' ';
        _at = end + 2;
        SkipBehindTag(sign);
    }

    private void SkipBehindTag(char sign)
    {
        if (sign == '-')
        {
            while (_at < _source.Length && PythonText.IsSpace(_source[_at]))
                _at++;
        }
        else if (sign != '+' && _at < _source.Length && _source[_at] == '\n')
        {
            _at++;
        }
    }

    // Where the text of a raw block begins, if the tag at hand is one.
    private int? RawBody() => RawBegin().Match(_source, _at) is { Success: true } match ? match.Index + match.Length : null;

    private void ReadRaw(int body)
    {
        _at = body;
        var end = RawEnd().Match(_source, body);
        if (!end.Success)
            throw new JinjaException("A raw block does not end.");
        AddText(end.Index, SignAt(end.Index + 2), isOutput: false);
        _at = end.Index + end.Length;
        SkipBehindTag(_source[_at - 3]);
    }

    private void ReadTag(bool isOutput)
    {
        Add(isOutput ? TokenKind.OutputBegin : TokenKind.BlockBegin, "");
        var open = new Stack<char>();
        while (open.Count > 0 || !EndsTag(isOutput))
        {
            if (_at >= _source.Length)
                throw new JinjaException("A tag does not end.");
            if (PythonText.IsSpace(_source[_at]))
                _at++;
            else
                ReadToken(open);
        }
    }

    private bool EndsTag(bool isOutput)
    {
        var end = isOutput ? "}}" : "%}";
        var sign = SignAt(_at);
        var begin = sign == '-' || (sign == '+' && !isOutput) ? _at + 1 : _at;
        if (string.CompareOrdinal(_source, begin, end, 0, 2) != 0)
            return false;
        Add(isOutput ? TokenKind.OutputEnd : TokenKind.BlockEnd, "");
        _at = begin + 2;

        // Behind an output a line end stays.
        SkipBehindTag(isOutput && sign == ' ' ? '+' : sign);
        return true;
    }

    private void ReadToken(Stack<char> open)
    {
        if (Float().Match(_source, _at) is { Success: true } fraction)
        {
            var number = double.Parse(fraction.Value.Replace("_", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
            Add(TokenKind.Number, fraction.Value, new FloatValue(number));
            _at += fraction.Length;
        }
        else if (Integer().Match(_source, _at) is { Success: true } integer)
        {
            Add(TokenKind.Number, integer.Value, IntegerValue.Of(NumberText.ParseInteger(integer.Value, radix: 0) ?? BigInteger.Zero));
            _at += integer.Length;
        }
        else if (Identifier().Match(_source, _at) is { Success: true } name)
        {
            Add(TokenKind.Name, name.Value);
            _at += name.Length;
        }
        else if (Quoted().Match(_source, _at) is { Success: true } text)
        {
            Add(TokenKind.String, StringLiteral.Read(text.Value[1..^1]));
            _at += text.Length;
        }
        else
        {
            ReadOperator(open);
        }
    }

    private void ReadOperator(Stack<char> open)
    {
        var symbol = Array.Find(Operators, symbol => string.CompareOrdinal(_source, _at, symbol, 0, symbol.Length) == 0)
            ?? throw new JinjaException($"The character \"{_source[_at]}\" is not expected here.");
        switch (symbol[0])
        {
            case '(' or '[' or '{':
                open.Push(symbol[0] switch { '(' => ')', '[' => ']', _ => '}' });
                break;
            case ')' or ']' or '}':
                if (!open.TryPop(out var expected))
                    throw new JinjaException($"\"{symbol}\" closes nothing.");
                if (expected != symbol[0])
                    throw new JinjaException($"\"{symbol}\" stands where \"{expected}\" is expected.");
                break;
        }

        Add(TokenKind.Operator, symbol);
        _at += symbol.Length;
    }

    private void Add(TokenKind kind, string text, Value? number = null) => _tokens.Add(new Token(kind, text, Line(), number));

    private int Line()
    {
        _line += _source.AsSpan(_counted, _at - _counted).Count('\n');
        _counted = _at;
        return _line;
    }

    [GeneratedRegex(
        @"\G\s*raw\s*(?:-%}\s*|%})",
        RegexOptions.None, TimeoutMilliseconds)]
    private static partial Regex RawBegin();

    [GeneratedRegex(
        @"{%[-+]?\s*endraw\s*[-+]?%}",
        RegexOptions.None, TimeoutMilliseconds)]
    private static partial Regex RawEnd();

    [GeneratedRegex(
        @"\G(?<!\.)(?:[0-9]+_)*[0-9]+(?:(?:\.(?:[0-9]+_)*[0-9]+)?[eE][+-]?(?:[0-9]+_)*[0-9]+|\.(?:[0-9]+_)*[0-9]+)",
        RegexOptions.None, TimeoutMilliseconds)]
    private static partial Regex Float();

    [GeneratedRegex(
        @"\G(?:0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[0-9a-fA-F])+|[1-9](?:_?[0-9])*|0(?:_?0)*)",
        RegexOptions.None, TimeoutMilliseconds)]
    private static partial Regex Integer();

    [GeneratedRegex(
        @"\G[\w-[0-9]]\w*",
        RegexOptions.None, TimeoutMilliseconds)]
    private static partial Regex Identifier();

    [GeneratedRegex(
        "\\G(?:'[^'\\\\]*(?:\\\\.[^'\\\\]*)*'|\"[^\"\\\\]*(?:\\\\.[^\"\\\\]*)*\")",
        RegexOptions.Singleline, TimeoutMilliseconds)]
    private static partial Regex Quoted();
}
