using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Tiebreak.Features.TermVectors;

/// <summary>
/// Counts hashes roughly in little memory: counters of four bits that stop at 15 and that several hashes may share. What it says is never
/// too low, so a term that it finds rare is rare. (A count-min sketch with one row: Cormode and Muthukrishnan 2005.)
/// </summary>
internal sealed class OccurrenceFilter
{
    /// <summary>Counters stop here.</summary>
    public const int Most = 15;

    private const int Ahead = 12; // hashes whose counters are fetched while others are counted

    private readonly byte[] _counters; // two in each byte
    private readonly int _shift;

    /// <param name="expected">About how many hashes will be counted.</param>
    public OccurrenceFilter(long expected)
    {
        var bits = Math.Clamp(BitOperations.Log2((ulong)Math.Max(1, expected)) + 1, 10, 28);
        _counters = new byte[1 << (bits - 1)];
        _shift = 64 - bits;
    }

    /// <summary>Bytes in memory.</summary>
    public int Size => _counters.Length;

    /// <summary>Counts hashes.</summary>
    public void Add(ReadOnlySpan<ulong> hashes)
    {
        for (var i = 0; i < hashes.Length; i++)
        {
            if (i + Ahead < hashes.Length)
                Fetch(hashes[i + Ahead]);
            var counter = hashes[i] >> _shift;
            ref var pair = ref _counters[counter >> 1];
            var by = (int)(counter & 1) << 2;
            if (((pair >> by) & Most) < Most)
                pair += (byte)(1 << by);
        }
    }

    /// <summary>Adds what another filter of the same size has counted.</summary>
    public void Add(OccurrenceFilter other)
    {
        for (var i = 0; i < _counters.Length; i++)
        {
            var (one, two) = (_counters[i], other._counters[i]);
            if (two != 0)
                _counters[i] = (byte)(Math.Min(Most, (one & Most) + (two & Most)) | (Math.Min(Most, (one >> 4) + (two >> 4)) << 4));
        }
    }

    /// <summary>At most so often was a hash counted; <see cref="Most"/> also stands for more.</summary>
    public int Count(ulong hash)
    {
        var counter = hash >> _shift;
        return (_counters[counter >> 1] >> ((int)(counter & 1) << 2)) & Most;
    }

    /// <summary>Asks the memory for the counter of a hash that will be needed soon.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void Fetch(ulong hash)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(Unsafe.AsPointer(ref _counters[hash >> (_shift + 1)])); // an array that moves meanwhile only makes it useless
    }
}
