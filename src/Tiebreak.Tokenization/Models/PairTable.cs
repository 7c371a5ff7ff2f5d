using System.Numerics;
using System.Runtime.CompilerServices;

namespace Tiebreak.Tokenization.Models;

/// <summary>
/// Which two neighbouring tokens merge into which, and how urgently: a flat hash table with open addressing. A merge is one number, its
/// order above the id that it makes, so that the smaller one goes first; orders are ranks without gaps, and merges of one order make the
/// same token. The table of a large vocabulary is far beyond the processor's cache, and most pairs asked for do not merge; so a filter of
/// one bit a hash, which fits, answers first, and the pairs of bytes have a table of their own.
/// </summary>
internal sealed class PairTable
{
    /// <summary>The two do not merge.</summary>
    public const long None = long.MaxValue;

    private const int LowIds = 256;

    private readonly Slot[] _slots;
    private readonly ulong[] _filter;
    private readonly long[] _low = new long[LowIds * LowIds];
    private readonly int _shift;
    private readonly int _firstLow;

    /// <summary>Builds the table; of equal pairs the last one counts.</summary>
    /// <param name="merges">The merges.</param>
    /// <param name="firstLow">Pairs of the 256 ids from here on, which pieces begin with, are looked up directly.</param>
    public PairTable(IReadOnlyCollection<Merge> merges, int firstLow = 0)
    {
        _firstLow = firstLow;
        Array.Fill(_low, None);
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(64, merges.Count * 3L / 2));
        _slots = new Slot[size];
        _slots.AsSpan().Fill(new Slot(ulong.MaxValue, None));
        _filter = new ulong[size * 4 / 64];
        _shift = 64 - BitOperations.Log2((uint)size);

        var ranks = merges.Select(merge => ((long)merge.Rank << 32) | (uint)merge.Result).ToArray();
        var orders = OrdersOf(ranks);
        foreach (var (index, merge) in merges.Index())
            Add(merge.Left, merge.Right, ((long)orders[index] << 32) | (uint)merge.Result);
        Orders = orders.DefaultIfEmpty(-1).Max() + 1;
    }

    /// <summary>How many orders there are; they count from 0.</summary>
    public int Orders { get; }

    /// <summary>When a merge goes: the lower order first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int OrderOf(long merge) => (int)(merge >> 32);

    /// <summary>The id that a merge makes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ResultOf(long merge) => (int)merge;

    /// <summary>The merge of two tokens, or <see cref="None"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Find(int left, int right)
    {
        var (lowLeft, lowRight) = ((uint)(left - _firstLow), (uint)(right - _firstLow));
        if (lowLeft < LowIds && lowRight < LowIds)
            return _low[(lowLeft * LowIds) + lowRight];

        var hash = Hash(left, right);
        var bit = hash >> (_shift - 2);
        return (_filter[bit >> 6] & (1UL << (int)(bit & 63))) == 0 ? None : FindSlot(Key(left, right), hash);
    }

    /// <summary>The place of each rank among the different ones.</summary>
    private static int[] OrdersOf(long[] ranks)
    {
        var places = new int[ranks.Length];
        for (var i = 0; i < places.Length; i++)
            places[i] = i;
        Array.Sort(ranks, places);
        var orders = new int[ranks.Length];
        var order = 0;
        for (var i = 0; i < ranks.Length; i++)
        {
            if (i > 0 && ranks[i] != ranks[i - 1])
                order++;
            orders[places[i]] = order;
        }

        return orders;
    }

    private void Add(int left, int right, long merge)
    {
        var (lowLeft, lowRight) = ((uint)(left - _firstLow), (uint)(right - _firstLow));
        if (lowLeft < LowIds && lowRight < LowIds)
            _low[(lowLeft * LowIds) + lowRight] = merge;

        var (key, hash) = (Key(left, right), Hash(left, right));
        var bit = hash >> (_shift - 2);
        _filter[bit >> 6] |= 1UL << (int)(bit & 63);
        var place = (int)(hash >> _shift);
        while (_slots[place].Key != ulong.MaxValue && _slots[place].Key != key)
            place = (place + 1) & (_slots.Length - 1);
        _slots[place] = new Slot(key, merge);
    }

    private long FindSlot(ulong key, ulong hash)
    {
        var slots = _slots;
        for (var place = (int)(hash >> _shift); ; place = (place + 1) & (slots.Length - 1))
        {
            ref readonly var slot = ref slots[place];
            if (slot.Key == key)
                return slot.Merge;
            if (slot.Key == ulong.MaxValue)
                return None;
        }
    }

    private static ulong Key(int left, int right) => ((ulong)(uint)left << 32) | (uint)right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Hash(int left, int right) =>
        (((ulong)(uint)left * 0x9E3779B97F4A7C15) ^ ((ulong)(uint)right * 0xC2B2AE3D27D4EB4F)) * 0xD6E8FEB86659FD93;

    private readonly record struct Slot(ulong Key, long Merge);
}

/// <summary>A rule of byte-pair encoding: two neighbouring tokens become one.</summary>
/// <param name="Left">Id of the first token.</param>
/// <param name="Right">Id of the second token.</param>
/// <param name="Rank">Rules of lower rank go first.</param>
/// <param name="Result">Id of the token they become.</param>
internal readonly record struct Merge(int Left, int Right, int Rank, int Result);
