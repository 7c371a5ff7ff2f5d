namespace Tiebreak.Samples.Generator.Chance;

/// <summary>A small random source (SplitMix64), so that the sample stays the same on every version of .NET.</summary>
internal sealed class Dice(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A number in [0, 1).</summary>
    public double Unit() => (Bits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>True with the given probability.</summary>
    public bool Chance(double probability) => Unit() < probability;

    /// <summary>A whole number from low to high, both included.</summary>
    public int Between(int low, int high) => low + (int)(Unit() * (high - low + 1));

    /// <summary>One of the items.</summary>
    public T Pick<T>(IReadOnlyList<T> items) => items[Between(0, items.Count - 1)];

    /// <summary>One of the texts.</summary>
    public string PickOne(params ReadOnlySpan<string> items) => items[Between(0, items.Length - 1)];

    /// <summary>Some of the items, each at most once, in random order.</summary>
    public List<T> Sample<T>(IReadOnlyList<T> items, int count)
    {
        var pool = items.ToList();
        var chosen = new List<T>();
        while (chosen.Count < count && pool.Count > 0)
        {
            var index = Between(0, pool.Count - 1);
            chosen.Add(pool[index]);
            pool.RemoveAt(index);
        }

        return chosen;
    }

    /// <summary>The index of one weight, chosen in proportion to the weights.</summary>
    public int Weighted(IReadOnlyList<double> weights)
    {
        var rest = Unit() * weights.Sum();
        for (var i = 0; i < weights.Count; i++)
        {
            rest -= weights[i];
            if (rest < 0) return i;
        }

        return weights.Count - 1;
    }

    /// <summary>A normal deviate with mean 0 and the given spread (Box-Muller).</summary>
    public double Normal(double spread) =>
        spread * Math.Sqrt(-2 * Math.Log(1 - Unit())) * Math.Cos(2 * Math.PI * Unit());

    private ulong Bits()
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
