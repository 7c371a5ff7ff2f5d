using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Tiebreak.Text;

/// <summary>
/// The words of one text, found once for everything that counts words: where they stand, the text in lower case, and a 64-bit hash of each
/// word (XXH3 of its lower-case form). The words are those of <see cref="Text.Words"/>. Its buffers are pooled: dispose it when done.
/// </summary>
public sealed class WordScan : IDisposable
{
    /// <summary>Words are told apart by so many first characters; longer "words" are data.</summary>
    public const int HashedCharacters = 64;

    private char[] _lower;
    private int[] _places; // start and length of each word, one after the other
    private ulong[] _hashes;

    private WordScan(string text)
    {
        Text = text;
        _lower = TextBuffer.Rent<char>(Math.Max(1, text.Length));
        Casing.ToLower(text, _lower);
        var expected = Math.Max(16, text.Length / 4);
        _places = TextBuffer.Rent<int>(2 * expected);
        _hashes = TextBuffer.Rent<ulong>(expected);
        for (var words = new Words(text); words.MoveNext();)
            Add(words.Start, words.Current.Length);
    }

    /// <summary>The text as it was given; empty for null.</summary>
    public string Text { get; }

    /// <summary>How many words there are.</summary>
    public int Count { get; private set; }

    /// <summary>The whole text in lower case, character by character (invariant).</summary>
    public ReadOnlySpan<char> Lower => _lower.AsSpan(0, Text.Length);

    /// <summary>One hash per word.</summary>
    public ReadOnlySpan<ulong> Hashes => _hashes.AsSpan(0, Count);

    /// <summary>A word as written.</summary>
    public ReadOnlySpan<char> this[int word] => Text.AsSpan(Start(word), Length(word));

    /// <summary>Scans a text; null counts as empty.</summary>
    public static WordScan Of(string? text) => new(text ?? "");

    /// <summary>Where a word begins, in UTF-16 units.</summary>
    public int Start(int word) => _places[2 * word];

    /// <summary>How long a word is, in UTF-16 units.</summary>
    public int Length(int word) => _places[(2 * word) + 1];

    /// <summary>A word in lower case.</summary>
    public ReadOnlySpan<char> LowerWord(int word) => _lower.AsSpan(Start(word), Length(word));

    /// <summary>Whether nothing but one space stands before a word and after the word before it.</summary>
    public bool IsBesideLast(int word)
    {
        var gap = Start(word) - 1;
        return word > 0 && gap == Start(word - 1) + Length(word - 1) && Text[gap] is ' ';
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_lower.Length == 0)
            return; // a buffer given back twice would be lent to two

        TextBuffer.Return(_lower);
        TextBuffer.Return(_places);
        TextBuffer.Return(_hashes);
        _lower = [];
        _places = [];
        _hashes = [];
        Count = 0;
    }

    private void Add(int start, int length)
    {
        if (Count == _hashes.Length || (2 * Count) + 1 >= _places.Length)
            Grow();
        _places[2 * Count] = start;
        _places[(2 * Count) + 1] = length;
        _hashes[Count++] = XxHash3.HashToUInt64(MemoryMarshal.AsBytes(_lower.AsSpan(start, Math.Min(length, HashedCharacters))));
    }

    private void Grow()
    {
        var (places, hashes) = (TextBuffer.Rent<int>(4 * Count), TextBuffer.Rent<ulong>(2 * Count));
        _places.AsSpan(0, 2 * Count).CopyTo(places);
        _hashes.AsSpan(0, Count).CopyTo(hashes);
        TextBuffer.Return(_places);
        TextBuffer.Return(_hashes);
        (_places, _hashes) = (places, hashes);
    }
}
