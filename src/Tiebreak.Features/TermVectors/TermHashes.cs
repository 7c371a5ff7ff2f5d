using System.Buffers;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using Tiebreak.Text;

namespace Tiebreak.Features.TermVectors;

/// <summary>
/// The terms of a text as 64-bit hashes, in the order of <see cref="Terms"/>: what vocabularies count and look up, because a hash costs
/// less than a string. Among ten million different terms two have the same hash with a probability of 3e-6. Enumerates them in parts of a
/// few hundred, so that a long text needs no more memory than a short one; its buffers are pooled, and the enumeration gives them back.
/// </summary>
internal ref struct TermHashes : IDisposable
{
    private const int AtOnce = 512;

    private readonly ulong[] _hashes = ArrayPool<ulong>.Shared.Rent(AtOnce);
    private readonly char[] _buffer = ArrayPool<char>.Shared.Rent(Terms.BufferSize);
    private readonly WordScan? _words; // null for characters
    private Terms _runs;
    private int _word;
    private ulong _previous;
    private int _count;

    /// <param name="kind">What the terms are.</param>
    /// <param name="text">The text; null has no terms.</param>
    public TermHashes(TermKind kind, string? text)
    {
        if (kind == TermKind.Words)
            _words = WordScan.Of(text);
        else
            _runs = new Terms(text, kind, _buffer);
    }

    /// <summary>One hash per term, repeated ones as often as they occur.</summary>
    public readonly ReadOnlySpan<ulong> Current => _hashes.AsSpan(0, _count);

    /// <summary>The hash of one term as a vocabulary spells it.</summary>
    public static ulong Of(TermKind kind, ReadOnlySpan<char> term)
    {
        if (kind == TermKind.Characters)
            return OfRun(term);

        var space = term.IndexOf(' ');
        return space < 0 ? OfWord(term) : OfPair(OfWord(term[..space]), OfWord(term[(space + 1)..]));
    }

    public readonly TermHashes GetEnumerator() => this;

    public bool MoveNext()
    {
        _count = 0;
        if (_words is null)
            AddRuns();
        else
            AddWords(_words);
        return _count > 0;
    }

    public readonly void Dispose()
    {
        _words?.Dispose();
        ArrayPool<char>.Shared.Return(_buffer);
        ArrayPool<ulong>.Shared.Return(_hashes);
    }

    private static ulong OfWord(ReadOnlySpan<char> word) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(word));

    // The halves of a 128-bit product, folded: each depends on all bits of both words, and their order matters.
    private static ulong OfPair(ulong first, ulong second)
    {
        var high = Math.BigMul(first ^ 0x9E3779B97F4A7C15UL, second ^ 0xD1B54A32D192ED03UL, out var low);
        return high ^ low;
    }

    private static ulong OfRun(ReadOnlySpan<char> run) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(run));

    private void AddWords(WordScan words)
    {
        for (; _word < words.Count && _count + 2 <= _hashes.Length; _word++)
        {
            var word = words.Length(_word) <= Terms.MaxWord
                ? words.Hashes[_word]
                : OfWord(words.LowerWord(_word)[..Terms.MaxWord]);
            _hashes[_count++] = word;
            if (_word > 0)
                _hashes[_count++] = OfPair(_previous, word);
            _previous = word;
        }
    }

    private void AddRuns()
    {
        while (_count < _hashes.Length && _runs.MoveNext())
            _hashes[_count++] = OfRun(_runs.Current);
    }
}

/// <summary>What the terms of a text are.</summary>
internal enum TermKind
{
    /// <summary>Words and pairs of neighbouring words.</summary>
    Words,

    /// <summary>
    /// Runs of three to five characters inside words, with a space for their beginning and end: scikit-learn's "char_wb".
    /// </summary>
    Characters,
}
