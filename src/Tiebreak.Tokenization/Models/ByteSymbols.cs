using Tiebreak.Tokenization.Processing;

namespace Tiebreak.Tokenization.Models;

/// <summary>Every byte is a symbol.</summary>
/// <param name="ids">The id of each of the 256 bytes, or <see cref="Missing"/>.</param>
internal sealed class ByteSymbols(int[] ids) : ISymbols
{
    /// <summary>The id of a byte that the vocabulary lacks; it merges with nothing and is left out in the end.</summary>
    public const int Missing = int.MaxValue;

    private readonly int[] _ids = ids;

    public int Read(ReadOnlySpan<byte> text, int start, int end, Span<int> ids, Span<int> ends)
    {
        for (var i = start; i < end; i++)
        {
            ids[i - start] = _ids[text[i]];
            ends[i - start] = i + 1;
        }

        return end - start;
    }

    public void Write(ReadOnlySpan<byte> text, int id, int start, int end, TokenList tokens)
    {
        if (id != Missing)
            tokens.Add(id, start, end);
    }
}
