using System.Runtime.Intrinsics;

namespace Tiebreak.Features.TermVectors;

/// <summary>
/// Arithmetic on eight long vectors whose numbers lie side by side: the lanes of each <see cref="Vector256{T}"/> belong to different
/// vectors.
/// </summary>
internal static class LaneVectors
{
    private const int Block = 1024; // sums of blocks are added, which keeps more digits than one long sum

    /// <summary>The dot product in each lane.</summary>
    public static Vector256<float> Dot(ReadOnlySpan<Vector256<float>> one, ReadOnlySpan<Vector256<float>> other)
    {
        var total = Vector256<float>.Zero;
        for (var start = 0; start < one.Length; start += Block)
        {
            var sum = Vector256<float>.Zero;
            for (var k = start; k < Math.Min(one.Length, start + Block); k++)
                sum = Vector256.MultiplyAddEstimate(one[k], other[k], sum);
            total += sum;
        }

        return total;
    }

    /// <summary>Adds a multiple of a vector, another in each lane.</summary>
    public static void AddScaled(Span<Vector256<float>> target, Vector256<float> factors, ReadOnlySpan<Vector256<float>> vector)
    {
        for (var k = 0; k < target.Length; k++)
            target[k] = Vector256.MultiplyAddEstimate(factors, vector[k], target[k]);
    }
}
