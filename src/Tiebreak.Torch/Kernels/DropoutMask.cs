using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tiebreak.Torch.Kernels;

/// <summary>
/// Which elements dropout drops, as factors: 0, or 1 / (1 - probability). Every factor follows from the seed and the element's number
/// alone, by a hash, so that the backward pass computes it again instead of keeping it.
/// </summary>
internal readonly struct DropoutMask
{
    // lowbias32 (Chris Wellons, "Prospecting for hash functions", public domain): changes of one bit reach every bit with nearly even odds.
    private const uint FirstFactor = 0x7feb352d;
    private const uint SecondFactor = 0x846ca68b;

    private readonly uint _lower;
    private readonly uint _upper;
    private readonly uint _threshold; // hashes below it are dropped
    private readonly float _factor;

    /// <param name="probability">How probable it is that an element is dropped, from 0 to below 1.</param>
    /// <param name="seed">The seed.</param>
    public DropoutMask(double probability, ulong seed)
    {
        (_lower, _upper) = ((uint)seed, (uint)(seed >> 32));
        _threshold = (uint)(probability * uint.MaxValue);
        _factor = (float)(1 / (1 - probability));
    }

    /// <summary>The factors of sixteen elements.</summary>
    /// <param name="first">The number of the first one.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Of(long first)
    {
        // Elements 2^32 apart get other numbers by the second seed.
        var numbers = Vector512.Create((uint)first) + Vector512<uint>.Indices;
        var hashes = Mix(Mix(numbers ^ Vector512.Create(_lower)) ^ Vector512.Create(_upper + (uint)(first >> 32)));
        var isKept = Vector512.GreaterThanOrEqual(hashes, Vector512.Create(_threshold));
        return isKept.AsSingle() & Vector512.Create(_factor);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Mix(Vector512<uint> bits)
    {
        bits = (bits ^ (bits >>> 16)) * FirstFactor;
        bits = (bits ^ (bits >>> 15)) * SecondFactor;
        return bits ^ (bits >>> 16);
    }
}
