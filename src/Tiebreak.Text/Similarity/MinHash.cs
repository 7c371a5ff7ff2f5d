using System.Numerics;
using System.Runtime.InteropServices;

namespace Tiebreak.Text.Similarity;

/// <summary>
/// Signatures of sets (Broder 1997): the share of equal places in two signatures estimates the Jaccard similarity J of the sets, with a
/// standard error of sqrt(J (1 - J) / <see cref="Length"/>), at most 0.044. The same on every machine; safe to call from many threads.
/// </summary>
public static class MinHash
{
    /// <summary>Places in a signature, each a 32-bit minimum: 512 bytes.</summary>
    public const int Length = 128;

    private static readonly uint[] Multipliers = Constants(0x9E3779B97F4A7C15UL, odd: true);
    private static readonly uint[] Offsets = Constants(0xD1B54A32D192ED03UL, odd: false);

    /// <summary>
    /// Computes the signature of a set of hashes. Order and repetition do not matter; the empty set gives the largest number everywhere.
    /// </summary>
    /// <param name="hashes">Well mixed 64-bit hashes, as <see cref="NGrams"/> gives them; their upper 32 bits are used.</param>
    /// <param name="signature">Receives <see cref="Length"/> minima.</param>
    public static void Sign(ReadOnlySpan<ulong> hashes, Span<uint> signature)
    {
        signature = signature[..Length];
        signature.Fill(uint.MaxValue);
        var minima = MemoryMarshal.Cast<uint, Vector<uint>>(signature);
        var multipliers = MemoryMarshal.Cast<uint, Vector<uint>>(Multipliers);
        var offsets = MemoryMarshal.Cast<uint, Vector<uint>>(Offsets);
        foreach (var hash in hashes)
        {
            // x -> a x + b mod 2^32 with odd a permutes the 32-bit numbers: one permutation for each place.
            var x = new Vector<uint>((uint)(hash >> 32));
            for (var i = 0; i < minima.Length; i++)
                minima[i] = Vector.Min(minima[i], (x * multipliers[i]) + offsets[i]);
        }
    }

    /// <summary>The estimated Jaccard similarity of the sets behind two signatures.</summary>
    public static double Similarity(ReadOnlySpan<uint> one, ReadOnlySpan<uint> other)
    {
        var equal = 0;
        for (var i = 0; i < Length; i++)
            equal += one[i] == other[i] ? 1 : 0;
        return (double)equal / Length;
    }

    private static uint[] Constants(ulong seed, bool odd)
    {
        var constants = new uint[Length];
        for (var i = 0; i < Length; i++)
        {
            seed += 0x9E3779B97F4A7C15UL; // SplitMix64
            var z = (seed ^ (seed >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            constants[i] = (uint)(z >> 32) | (odd ? 1u : 0u);
        }

        return constants;
    }
}
