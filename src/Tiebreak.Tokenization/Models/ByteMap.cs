using System.Numerics;
using System.Runtime.CompilerServices;

namespace Tiebreak.Tokenization.Models;

/// <summary>Byte strings with an id each, in a flat hash table over one array of bytes.</summary>
internal sealed class ByteMap
{
    /// <summary>No such key.</summary>
    public const int None = -1;

    private readonly byte[] _bytes;
    private readonly Slot[] _slots;
    private readonly int _longest;

    public ByteMap(IReadOnlyCollection<KeyValuePair<byte[], int>> entries)
    {
        _bytes = new byte[entries.Sum(entry => entry.Key.Length)];
        _slots = new Slot[BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, entries.Count * 2))];
        var place = 0;
        foreach (var (key, id) in entries)
        {
            key.CopyTo(_bytes, place);
            var at = (int)(Hash(key) & (uint)(_slots.Length - 1));
            while (_slots[at].Length > 0)
                at = (at + 1) & (_slots.Length - 1);
            _slots[at] = new Slot(Hash(key), place, key.Length, id);
            place += key.Length;
            _longest = Math.Max(_longest, key.Length);
        }
    }

    /// <summary>The id of a key, or <see cref="None"/>.</summary>
    public int Find(ReadOnlySpan<byte> key)
    {
        if (key.Length > _longest)
            return None;
        var hash = Hash(key);
        for (var at = (int)(hash & (uint)(_slots.Length - 1)); _slots[at].Length > 0; at = (at + 1) & (_slots.Length - 1))
        {
            ref readonly var slot = ref _slots[at];
            if (slot.Hash == hash && _bytes.AsSpan(slot.Start, slot.Length).SequenceEqual(key))
                return slot.Id;
        }

        return None;
    }

    private static uint Hash(ReadOnlySpan<byte> key)
    {
        var hash = (ulong)key.Length;
        while (key.Length >= 8)
        {
            hash = (BitOperations.RotateLeft(hash, 5) ^ Unsafe.ReadUnaligned<ulong>(in key[0])) * 0x9E3779B97F4A7C15;
            key = key[8..];
        }

        foreach (var next in key)
            hash = (BitOperations.RotateLeft(hash, 5) ^ next) * 0x9E3779B97F4A7C15;
        return (uint)((hash ^ (hash >> 29)) >> 16);
    }

    private readonly record struct Slot(uint Hash, int Start, int Length, int Id);
}
