using System.Numerics;

namespace Tiebreak.Text;

/// <summary>
/// Finds numbers by well mixed 64-bit hashes: open addressing with linear probing, at most half full, so that most misses end at the first
/// or second place looked at. Hashes stand for what they were made of: among a million of them, two are the same with a probability of
/// 3e-8. Safe to read from many threads.
/// </summary>
internal sealed class HashIndex
{
    private readonly (ulong Hash, int Number)[] _places;

    /// <summary>Makes an index.</summary>
    /// <param name="hashes">The hashes; their place is their number. Of equal ones the first counts.</param>
    public HashIndex(ReadOnlySpan<ulong> hashes)
    {
        _places = new (ulong, int)[BitOperations.RoundUpToPowerOf2((uint)Math.Max(4, 2L * hashes.Length))];
        Array.Fill(_places, (Hash: 0UL, Number: -1));
        for (var number = 0; number < hashes.Length; number++)
        {
            ref var place = ref PlaceOf(hashes[number]);
            if (place.Number < 0)
                place = (hashes[number], number);
        }
    }

    /// <summary>The number of a hash, or -1.</summary>
    public int Find(ulong hash) => PlaceOf(hash).Number;

    private ref (ulong Hash, int Number) PlaceOf(ulong hash)
    {
        var places = _places;
        var mask = places.Length - 1;
        var i = (int)hash & mask;
        while (places[i].Number >= 0 && places[i].Hash != hash)
            i = (i + 1) & mask;
        return ref places[i];
    }
}
