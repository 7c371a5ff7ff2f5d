using System.Text;

namespace Tiebreak.Text.Languages;

/// <summary>
/// Enumerates the pieces of a text that people wrote for people, without allocating: fenced code blocks, spans between two ` of a line, and
/// lines that look like code are left out.
/// </summary>
/// <param name="text">The text.</param>
internal ref struct Prose(ReadOnlySpan<char> text)
{
    private SpanLineEnumerator _lines = text.EnumerateLines();
    private ReadOnlySpan<char> _rest;
    private bool _insideFence;

    public ReadOnlySpan<char> Current { get; private set; }

    public readonly Prose GetEnumerator() => this;

    public bool MoveNext()
    {
        while (_rest.IsEmpty)
        {
            if (!_lines.MoveNext())
                return false;

            var line = _lines.Current.Trim();
            if (line.StartsWith("```"))
                _insideFence = !_insideFence;
            else if (!_insideFence && !LooksLikeCode(line))
                _rest = line;
        }

        var open = _rest.IndexOf('`');
        var close = open < 0 ? -1 : _rest[(open + 1)..].IndexOf('`');
        Current = close < 0 ? _rest : _rest[..open];
        _rest = close < 0 ? default : _rest[(open + close + 2)..];
        return true;
    }

    private static bool LooksLikeCode(ReadOnlySpan<char> line) =>
        line.Length > 0 && (line[^1] is '{' or '}' || (line[^1] is ';' && line.ContainsAny('(', '='))
            || line[0] is '<' or '{' or '}' || line.StartsWith("//") || line.StartsWith("#include")
            || line.StartsWith("def ") || line.StartsWith("import ") || line.StartsWith("return "));
}
