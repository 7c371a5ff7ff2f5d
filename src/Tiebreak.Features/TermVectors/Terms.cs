using Tiebreak.Text;

namespace Tiebreak.Features.TermVectors;

/// <summary>Enumerates the terms of a text in lower case without allocating.</summary>
internal ref struct Terms
{
    public const int MaxWord = 40; // longer "words" are data; their beginning stands for them
    private const int ShortestRun = 3;
    private const int LongestRun = 5;

    private readonly Span<char> _buffer; // words: "previous current"; characters: " word "
    private readonly bool _characters;
    private Words _words;
    private int _previous;
    private int _length;
    private bool _pairIsNext;
    private int _start;
    private int _run;

    /// <param name="text">The text; null has no terms.</param>
    /// <param name="kind">What its terms are.</param>
    /// <param name="buffer">Room for a pair; at least <see cref="BufferSize"/>.</param>
    public Terms(ReadOnlySpan<char> text, TermKind kind, Span<char> buffer)
    {
        _words = new Words(text);
        _characters = kind == TermKind.Characters;
        _run = LongestRun;
        _buffer = buffer;
    }

    public static int BufferSize => (2 * MaxWord) + 1;

    public ReadOnlySpan<char> Current { get; private set; }

    public readonly Terms GetEnumerator() => this;

    public bool MoveNext() => _characters ? NextRun() : NextWords();

    private bool NextWords()
    {
        if (_pairIsNext)
        {
            _pairIsNext = false;
            Current = _buffer[.._length];
            return true;
        }

        if (!_words.MoveNext())
            return false;

        // The last word moves to the front, the new one goes behind it.
        if (_length > 0)
        {
            var last = _buffer[(_previous == 0 ? 0 : _previous + 1).._length];
            last.CopyTo(_buffer);
            _previous = last.Length;
            _buffer[_previous] = ' ';
        }

        var start = _previous == 0 ? 0 : _previous + 1;
        var word = _words.Current[..Math.Min(_words.Current.Length, MaxWord)];
        Casing.ToLower(word, _buffer[start..]);
        _length = start + word.Length;
        _pairIsNext = start > 0;
        Current = _buffer[start.._length];
        return true;
    }

    private bool NextRun()
    {
        _start++;
        while (_start + _run > _length)
        {
            (_start, _run) = (0, _run + 1);
            if (_run <= LongestRun)
                continue;
            if (!_words.MoveNext())
            {
                _length = 0; // who asks again gets none of the last word
                return false;
            }

            var word = _words.Current[..Math.Min(_words.Current.Length, MaxWord)];
            _buffer[0] = ' ';
            Casing.ToLower(word, _buffer[1..]);
            _buffer[word.Length + 1] = ' ';
            (_length, _run) = (word.Length + 2, ShortestRun);
        }

        Current = _buffer.Slice(_start, _run);
        return true;
    }
}
