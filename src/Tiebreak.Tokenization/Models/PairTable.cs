using System.Numerics;
using System.Runtime.CompilerServices;

namespace Tiebreak.Tokenization.Models;

/// <summary>
/// Which two neighbouring tokens merge into which, and how urgently: a flat hash table with open addressing. A merge is one number, its rank above
/// the id that it makes, so that the smaller one goes first.
/// </summary>
internal sealed class PairTable
{
    /// <summary>The two do not merge.</summary>
    public const long None = long.MaxValue;

    private readonly Slot[] _slots;
    private readonly int _shift;

    /// <summary>Builds the table; of equal pairs the last one counts.</summary>
    public PairTable(IReadOnlyCollection<Merge> merges)
    {
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, merges.Count * 3L / 2));
        _slots = new Slot[size];
        _slots.AsSpan().Fill(new Slot(ulong.MaxValue, None));
        _shift = 64 - BitOperations.Log2((uint)size);
        foreach (var merge in merges)
        {
            var key = Key(merge.Left, merge.Right);
            var place = Place(key);
            while (_slots[place].Key != ulong.MaxValue && _slots[place].Key != key)
                place = (place + 1) & (_slots.Length - 1);
            _slots[place] = new Slot(key, ((long)merge.Rank << 32) | (uint)merge.Result);
        }
    }

    /// <summary>The id that a merge makes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ResultOf(long merge) => (int)merge;

    /// <summary>The merge of two tokens, or <see cref="None"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Find(int left, int right)
    {
        var key = Key(left, right);
        var slots = _slots;
        for (var place = Place(key); ; place = (place + 1) & (slots.Length - 1))
        {
            ref readonly var slot = ref slots[place];
            if (slot.Key == key)
                return slot.Merge;
            if (slot.Key == ulong.MaxValue)
                return None;
        }
    }

    private static ulong Key(int left, int right) => ((ulong)(uint)left << 32) | (uint)right;

    private int Place(ulong key) => (int)(((key ^ (key >> 29)) * 0x9E3779B97F4A7C15) >> _shift);

    private readonly record struct Slot(ulong Key, long Merge);
}
