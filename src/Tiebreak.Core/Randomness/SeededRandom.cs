using System.Runtime.Intrinsics;

namespace Tiebreak.Core.Randomness;

/// <summary>
/// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014): small, fast, and the same numbers on every
/// machine and .NET version, which <see cref="Random"/> does not promise. Not for secrets.
/// </summary>
public struct SeededRandom
{
    private const ulong Step = 0x9E3779B97F4A7C15UL;
    private const ulong FirstFactor = 0xBF58476D1CE4E5B9UL;
    private const ulong SecondFactor = 0x94D049BB133111EBUL;

    private ulong _state;

    /// <summary>Starts a sequence.</summary>
    /// <param name="seed">The seed that is printed and stored with every result.</param>
    /// <param name="stream">Independent sequences of one seed, for instance one for each bootstrap round.</param>
    public SeededRandom(ulong seed, ulong stream = 0)
    {
        _state = seed;
        _state = NextUInt64() ^ (stream * 0xD1342543DE82EF95UL);
        _state = NextUInt64();
    }

    /// <summary>64 random bits.</summary>
    public ulong NextUInt64()
    {
        var z = _state += Step;
        z = (z ^ (z >> 30)) * FirstFactor;
        z = (z ^ (z >> 27)) * SecondFactor;
        return z ^ (z >> 31);
    }

    /// <summary>A whole number from 0 to <paramref name="exclusiveMax"/> - 1 (multiply-shift; the bias is below 2^-32).</summary>
    public int Next(int exclusiveMax) => (int)(((NextUInt64() >> 32) * (ulong)exclusiveMax) >> 32);

    /// <summary>The numbers that as many calls of <see cref="Next(int)"/> would give, but worked out eight at a time.</summary>
    /// <param name="exclusiveMax">They are below it.</param>
    /// <param name="numbers">Receives them.</param>
    public void Next(int exclusiveMax, Span<int> numbers)
    {
        // The state only counts up, so the states of the next eight calls are known.
        var steps = Vector512.Create(1UL, 2, 3, 4, 5, 6, 7, 8) * Step;
        while (numbers.Length >= Vector512<ulong>.Count)
        {
            var z = Vector512.Create(_state) + steps;
            z = (z ^ (z >>> 30)) * FirstFactor;
            z = (z ^ (z >>> 27)) * SecondFactor;
            z ^= z >>> 31;
            z = ((z >>> 32) * (ulong)exclusiveMax) >>> 32;
            Vector512.Narrow(z, z).GetLower().AsInt32().CopyTo(numbers);
            _state += unchecked((ulong)Vector512<ulong>.Count * Step);
            numbers = numbers[Vector512<ulong>.Count..];
        }

        foreach (ref var number in numbers)
            number = Next(exclusiveMax);
    }

    /// <summary>A number from 0 (included) to 1 (excluded).</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Shuffles in place (Fisher-Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = Next(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
