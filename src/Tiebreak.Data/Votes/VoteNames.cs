using System.IO.Hashing;
using System.Text;
using System.Text.Unicode;

namespace Tiebreak.Data.Votes;

/// <summary>
/// Numbers names 0, 1, 2... in order of first appearance. They are looked up by their UTF-8 bytes: a hash table with linear probing, since
/// a file of a million votes names four million times what are a few thousand different names.
/// </summary>
internal sealed class VoteNames
{
    private readonly List<(ulong Hash, byte[] Bytes)> _entries = [];
    private int[] _slots = new int[64]; // a number plus one, or 0; at least twice as many as entries

    public List<string> Names { get; } = [];

    /// <summary>The number of a name; a new one where it is new.</summary>
    /// <returns>False if the bytes are no UTF-8.</returns>
    public bool TryNumber(ReadOnlySpan<byte> name, out int number)
    {
        var hash = XxHash3.HashToUInt64(name);
        var slot = Find(hash, name);
        number = _slots[slot] - 1;
        if (number >= 0)
            return true;
        if (!Utf8.IsValid(name))
            return false;

        number = Names.Count;
        Names.Add(Encoding.UTF8.GetString(name));
        _entries.Add((hash, name.ToArray()));
        _slots[slot] = _entries.Count;
        if (2 * _entries.Count > _slots.Length)
            Grow();
        return true;
    }

    /// <summary>The numbers that these names have in another list, which takes those it lacks.</summary>
    public int[] NumbersIn(VoteNames all)
    {
        var numbers = new int[_entries.Count];
        for (var i = 0; i < numbers.Length; i++)
            all.TryNumber(_entries[i].Bytes, out numbers[i]);
        return numbers;
    }

    private int Find(ulong hash, ReadOnlySpan<byte> name)
    {
        var mask = _slots.Length - 1;
        var slot = (int)hash & mask;
        while (_slots[slot] is > 0 and var entry && !(_entries[entry - 1].Hash == hash && name.SequenceEqual(_entries[entry - 1].Bytes)))
            slot = (slot + 1) & mask;
        return slot;
    }

    private void Grow()
    {
        _slots = new int[2 * _slots.Length];
        for (var i = 0; i < _entries.Count; i++)
            _slots[Find(_entries[i].Hash, _entries[i].Bytes)] = i + 1;
    }
}
