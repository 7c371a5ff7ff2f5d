using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Tiebreak.Features.TermVectors;

/// <summary>
/// In how many texts hashes occur, and one of these texts for each: open addressing with linear probing. One writer at a time.
/// </summary>
internal sealed class TextFrequencies
{
    private Entry[] _entries = new Entry[1 << 12];
    private int _count;

    /// <summary>Counts a hash of a text. The hashes of one text come one after the other.</summary>
    /// <param name="hash">The hash; 0 is not counted.</param>
    /// <param name="text">The number of the text.</param>
    public void Add(ulong hash, int text)
    {
        if (hash == 0)
            return;

        ref var entry = ref Find(_entries, hash);
        if (entry.Texts > 0 && entry.Text == text)
            return;

        _count += entry.Texts == 0 ? 1 : 0;
        entry = new Entry(hash, entry.Texts + 1, text);
        if (2 * _count > _entries.Length)
            Grow();
    }

    /// <summary>Asks the memory for the place of a hash that will be counted soon.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void Fetch(ulong hash)
    {
        if (Sse.IsSupported)
            // an array that moves meanwhile only makes it useless
            Sse.Prefetch0(Unsafe.AsPointer(ref _entries[(int)hash & (_entries.Length - 1)]));
    }

    /// <summary>Adds what was counted in other texts.</summary>
    public void Add(TextFrequencies other)
    {
        foreach (var counted in other._entries)
        {
            if (counted.Hash == 0)
                continue;
            ref var entry = ref Find(_entries, counted.Hash);
            _count += entry.Texts == 0 ? 1 : 0;
            entry = counted with { Texts = entry.Texts + counted.Texts };
            if (2 * _count > _entries.Length)
                Grow();
        }
    }

    /// <summary>The hashes that occur in at least so many texts.</summary>
    public IEnumerable<Entry> AtLeast(int texts) => _entries.Where(entry => entry.Hash != 0 && entry.Texts >= texts);

    private static ref Entry Find(Entry[] entries, ulong hash)
    {
        var mask = entries.Length - 1;
        var i = (int)hash & mask;
        while (entries[i].Hash != hash && entries[i].Hash != 0)
            i = (i + 1) & mask;
        return ref entries[i];
    }

    private void Grow()
    {
        var larger = new Entry[checked(2 * _entries.Length)];
        foreach (var entry in _entries)
        {
            if (entry.Hash != 0)
                Find(larger, entry.Hash) = entry;
        }

        _entries = larger;
    }

    /// <summary>What is known about a hash.</summary>
    /// <param name="Hash">The hash; 0 marks a free place.</param>
    /// <param name="Texts">In how many texts it occurs.</param>
    /// <param name="Text">The number of one of them.</param>
    internal readonly record struct Entry(ulong Hash, int Texts, int Text);
}
