using System.Buffers;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using Tiebreak.Text;

namespace Tiebreak.Features.TermVectors;

/// <summary>
/// The terms of a text as 64-bit hashes, in the order of <see cref="Terms"/>: what vocabularies count and look up, because a hash costs
/// less than a string. Among ten million different terms two have the same hash with a probability of 3e-6. Its buffer is pooled: dispose
/// it when done.
/// </summary>
internal ref struct TermHashes : IDisposable
{
    private ulong[] _hashes;
    private int _count;

    /// <param name="kind">What the terms are.</param>
    /// <param name="text">The text; null has no terms.</param>
    public TermHashes(TermKind kind, string? text)
    {
        if (kind == TermKind.Words)
        {
            using var words = WordScan.Of(text);
            _hashes = ArrayPool<ulong>.Shared.Rent(Math.Max(1, 2 * words.Count));
            AddWords(words);
        }
        else
        {
            _hashes = ArrayPool<ulong>.Shared.Rent(Math.Max(16, 4 * (text?.Length ?? 0)));
            foreach (var run in new Terms(text, kind, stackalloc char[Terms.BufferSize]))
                Add(OfRun(run));
        }
    }

    /// <summary>One hash per term, repeated ones as often as they occur.</summary>
    public readonly ReadOnlySpan<ulong> Span => _hashes.AsSpan(0, _count);

    /// <summary>The hash of one term as a vocabulary spells it.</summary>
    public static ulong Of(TermKind kind, ReadOnlySpan<char> term)
    {
        if (kind == TermKind.Characters)
            return OfRun(term);

        var space = term.IndexOf(' ');
        return space < 0 ? OfWord(term) : OfPair(OfWord(term[..space]), OfWord(term[(space + 1)..]));
    }

    public readonly void Dispose() => ArrayPool<ulong>.Shared.Return(_hashes);

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
        var previous = 0UL;
        for (var i = 0; i < words.Count; i++)
        {
            var word = words.Length(i) <= Terms.MaxWord ? words.Hashes[i] : OfWord(words.LowerWord(i)[..Terms.MaxWord]);
            _hashes[_count++] = word;
            if (i > 0)
                _hashes[_count++] = OfPair(previous, word);
            previous = word;
        }
    }

    private void Add(ulong hash)
    {
        if (_count == _hashes.Length)
        {
            var larger = ArrayPool<ulong>.Shared.Rent(2 * _count);
            _hashes.CopyTo(larger, 0);
            ArrayPool<ulong>.Shared.Return(_hashes);
            _hashes = larger;
        }

        _hashes[_count++] = hash;
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
