using System.Runtime.CompilerServices;
using Tiebreak.Tokenization.Processing;

namespace Tiebreak.Tokenization.Splitting;

/// <summary>
/// Cuts a text for a model that merges over whole texts, without changing what it gives: between two characters that stand next to each
/// other in no token. Whether two characters do is kept as one bit of their hash, so that a collision costs a cut and never a token.
/// </summary>
internal sealed class JoinSplitter : IPieceSplitter
{
    private const int Bits = 21;

    private readonly ulong[] _joined = new ulong[1 << (Bits - 6)];

    /// <summary>Learns the tokens.</summary>
    /// <param name="tokens">Every token that a merge can make.</param>
    public JoinSplitter(IEnumerable<string> tokens)
    {
        foreach (var token in tokens)
        {
            var previous = -1;
            foreach (var rune in token.EnumerateRunes())
            {
                if (previous >= 0)
                    _joined[Place(previous, rune.Value) >> 6] |= 1UL << (int)(Place(previous, rune.Value) & 63);
                previous = rune.Value;
            }
        }
    }

    public void Split(ReadOnlySpan<byte> text, int start, int end, PieceList pieces)
    {
        if (start == end)
            return;
        var previous = CodePoint.Decode(text, start, out var length);
        for (var at = start + length; at < end; at += length)
        {
            var next = CodePoint.Decode(text, at, out length);
            if (!MayJoin(previous, next))
            {
                pieces.Add(start, at);
                start = at;
            }

            previous = next;
        }

        pieces.Add(start, end);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool MayJoin(int left, int right)
    {
        var place = Place(left, right);
        return (_joined[place >> 6] & (1UL << (int)(place & 63))) != 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Place(int left, int right) => (uint)((((ulong)(uint)left << 21) | (uint)right) * 0x9E3779B97F4A7C15 >> (64 - Bits));
}
