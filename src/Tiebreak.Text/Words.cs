namespace Tiebreak.Text;

/// <summary>
/// Enumerates the words of a text without allocating: runs of letters, digits and combining marks, with apostrophes inside
/// ("don't"). Scripts that are written without spaces (Han, Hiragana, Katakana, Thai) give one word per character.
/// </summary>
/// <param name="text">The text.</param>
internal ref struct Words(ReadOnlySpan<char> text)
{
    private readonly ReadOnlySpan<char> _text = text;
    private int _start;
    private int _end;

    /// <summary>The word found last, as written.</summary>
    public readonly ReadOnlySpan<char> Current => _text[_start.._end];

    /// <summary>Where the word found last begins, in UTF-16 units.</summary>
    public readonly int Start => _start;

    /// <summary>This, so that <c>foreach</c> works.</summary>
    public readonly Words GetEnumerator() => this;

    /// <summary>Finds the next word.</summary>
    public bool MoveNext()
    {
        var start = _end;
        while (start < _text.Length && !IsWord(_text[start]))
            start++;
        if (start == _text.Length)
        {
            _start = _end = start;
            return false;
        }

        var end = start + 1;
        if (!StandsAlone(_text[start]))
        {
            while (end < _text.Length && (char.IsAsciiLetterOrDigit(_text[end]) || Continues(end)))
                end++;
        }

        (_start, _end) = (start, end);
        return true;
    }

    private readonly bool Continues(int i) =>
        IsWord(_text[i])
            ? !StandsAlone(_text[i])
            : _text[i] is '\'' or '\u2019' && i + 1 < _text.Length && IsWord(_text[i + 1]);

    private static bool IsWord(char c) =>
        c < 128 ? char.IsAsciiLetterOrDigit(c) : char.IsLetterOrDigit(c) || char.GetUnicodeCategory(c) is
            System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark;

    private static bool StandsAlone(char c) => c is
        >= '\u0E00' and <= '\u0E7F' or // Thai
        >= '\u3040' and <= '\u30FF' or // Hiragana, Katakana
        >= '\u3400' and <= '\u4DBF' or // Han, extension A
        >= '\u4E00' and <= '\u9FFF';   // Han
}
