namespace Tiebreak.Text;

/// <summary>
/// A set of well mixed 64-bit hashes: open addressing with linear probing, never more than half full. One writer at a time.
/// </summary>
internal sealed class HashedSet
{
    private const ulong Zero = 0x9E3779B97F4A7C15UL; // stands for the hash 0, which marks free places

    private ulong[] _places = new ulong[64];

    public int Count { get; private set; }

    /// <summary>Adds a hash.</summary>
    /// <returns>Whether it was not there before.</returns>
    public bool Add(ulong hash)
    {
        hash = hash == 0 ? Zero : hash;
        ref var place = ref Find(_places, hash);
        if (place == hash)
            return false;

        place = hash;
        if (2 * ++Count > _places.Length)
            Grow();
        return true;
    }

    /// <summary>How many hashes both sets hold.</summary>
    public int Shared(HashedSet other)
    {
        var (few, many) = Count <= other.Count ? (_places, other._places) : (other._places, _places);
        var shared = 0;
        foreach (var hash in few)
            shared += hash != 0 && Find(many, hash) == hash ? 1 : 0;
        return shared;
    }

    private static ref ulong Find(ulong[] places, ulong hash)
    {
        var mask = places.Length - 1;
        var i = (int)hash & mask;
        while (places[i] != 0 && places[i] != hash)
            i = (i + 1) & mask;
        return ref places[i];
    }

    private void Grow()
    {
        var larger = new ulong[checked(4 * _places.Length)];
        foreach (var hash in _places)
        {
            if (hash != 0)
                Find(larger, hash) = hash;
        }

        _places = larger;
    }
}
