using Tiebreak.Text;

namespace Tiebreak.Boosting.TermVectors;

/// <summary>Enumerates the terms of a text without allocating: every word in lower case, and every pair of neighbouring words with a space between.</summary>
internal ref struct Terms
{
    private const int MaxWord = 40; // longer "words" are data; their beginning stands for them

    private readonly Span<char> _buffer; // "previous current"
    private Words _words;
    private int _previous;
    private int _length;
    private bool _pairIsNext;

    /// <param name="text">The text; null has no terms.</param>
    /// <param name="buffer">Room for a pair; at least <see cref="BufferSize"/>.</param>
    public Terms(string? text, Span<char> buffer)
    {
        _words = new Words(text);
        _buffer = buffer;
    }

    public static int BufferSize => (2 * MaxWord) + 1;

    public ReadOnlySpan<char> Current { get; private set; }

    public readonly Terms GetEnumerator() => this;

    public bool MoveNext()
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
        word.ToLowerInvariant(_buffer[start..]);
        _length = start + word.Length;
        _pairIsNext = start > 0;
        Current = _buffer[start.._length];
        return true;
    }
}
