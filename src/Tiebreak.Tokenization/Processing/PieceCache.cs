using System.Runtime.CompilerServices;

namespace Tiebreak.Tokenization.Processing;

/// <summary>
/// Remembers the ids of short pieces. Natural text repeats its words, so most pieces are answered here, each from one cache line: up to 23
/// bytes of key, up to 9 ids. A table of fixed size in which a new piece takes the place of the one that was there; one per workspace, so
/// that no locks are needed.
/// </summary>
internal sealed class PieceCache
{
    /// <summary>Longest piece kept, in bytes.</summary>
    public const int MaxPieceBytes = 23;

    /// <summary>Most ids kept for a piece.</summary>
    public const int MaxIds = 9;

    private const int Bits = 15;

    private readonly Slot[] _slots = new Slot[1 << Bits];

    /// <summary>Appends the ids of a piece if they are known.</summary>
    /// <param name="buffer">Holds the piece and at least 24 readable bytes from its start.</param>
    /// <param name="start">Where the piece begins.</param>
    /// <param name="length">Its bytes, at most <see cref="MaxPieceBytes"/>.</param>
    /// <param name="tokens">Gets the ids.</param>
    /// <param name="key">The piece as a key for <see cref="Store"/>.</param>
    public bool TryAppend(byte[] buffer, int start, int length, TokenList tokens, out Key key)
    {
        key = new Key(buffer, start, length);
        ref var slot = ref _slots[key.Slot];
        if (slot.First != key.First || slot.Second != key.Second || slot.Third != key.Third)
            return false;

        tokens.Add(((ReadOnlySpan<int>)slot.Ids)[..slot.Count]);
        return true;
    }

    /// <summary>Remembers a piece, where it has few enough ids.</summary>
    public void Store(in Key key, ReadOnlySpan<int> ids)
    {
        if (ids.Length > MaxIds)
            return;
        ref var slot = ref _slots[key.Slot];
        slot.First = key.First;
        slot.Second = key.Second;
        slot.Third = key.Third;
        slot.Count = ids.Length;
        ids.CopyTo(slot.Ids);
    }

    /// <summary>Up to 23 bytes; the last byte of <see cref="Third"/> is their number, so that no key is all zero.</summary>
    internal readonly struct Key
    {
        public Key(byte[] buffer, int start, int length)
        {
            ref var bytes = ref buffer[start];
            First = Unsafe.ReadUnaligned<ulong>(ref bytes);
            if (length < 8)
            {
                First &= (1UL << (8 * length)) - 1;
            }
            else
            {
                Second = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref bytes, 8));
                if (length < 16)
                    Second &= (1UL << (8 * (length - 8))) - 1;
                else
                    Third = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref bytes, 16)) & ((1UL << (8 * (length - 16))) - 1);
            }

            Third |= (ulong)length << 56;
            var mixed = (First * 0x9E3779B97F4A7C15) ^ (Second * 0xC2B2AE3D27D4EB4F) ^ (Third * 0x165667B19E3779F9);
            Slot = (int)(((mixed ^ (mixed >> 32)) * 0xD6E8FEB86659FD93) >> (64 - Bits));
        }

        public ulong First { get; }

        public ulong Second { get; }

        public ulong Third { get; }

        public int Slot { get; }
    }

    private struct Slot
    {
        public ulong First;
        public ulong Second;
        public ulong Third;
        public int Count;
        public IdArray Ids;
    }

    [InlineArray(MaxIds)]
    private struct IdArray
    {
        private int _first;
    }
}
