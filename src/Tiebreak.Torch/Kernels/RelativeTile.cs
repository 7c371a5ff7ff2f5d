using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Tiebreak.Torch.Quantization;

namespace Tiebreak.Torch.Kernels;

/// <summary>
/// Sums of the scores of relative positions (DeBERTa) of sixteen queries and sixteen keys, for processors that have AVX-512. Distances
/// that follow each other have columns beside each other, so that sixteen scores are one load and one permutation.
/// </summary>
internal static unsafe class RelativeTile
{
    /// <summary>Queries, and keys.</summary>
    public const int Size = 16;

    /// <summary>Numbers of a tile.</summary>
    public const int Numbers = Size * Size;

    /// <summary>tile[i, j] = byQuery[i, c] + byKey[j, c], where c is the column of the distance of query i from key j.</summary>
    /// <param name="byQuery">[16, width]: of the queries.</param>
    /// <param name="byKey">[16, width]: of the keys.</param>
    /// <param name="width">Elements of these rows, at least sixteen.</param>
    /// <param name="columns">Dense ones.</param>
    /// <param name="distance">Of the first query from the first key.</param>
    /// <param name="tile">Gets [16, 16].</param>
    /// <param name="scratch">As many numbers.</param>
    public static void Sum<TFormat>(
        byte* byQuery, byte* byKey, int width, DistanceColumns columns, int distance, float* tile, float* scratch)
        where TFormat : IElementFormat
    {
        for (var i = 0; i < Size; i++)
        {
            var ofRow = columns.RisingFrom(distance - i);
            Pick<TFormat>(byKey + ((nint)i * width * TFormat.Size), ofRow, ofRow[0], width).Store(scratch + (i * Size));
        }

        for (var i = 0; i < Size; i += IFloatTile.TransposedElements)
            WideTile.Transpose(scratch + i, Size, tile + (i * Size), Size);

        for (var i = 0; i < Size; i++)
        {
            var ofRow = columns.FallingFrom(distance + i);
            var scores = Pick<TFormat>(byQuery + ((nint)i * width * TFormat.Size), ofRow, ofRow[Size - 1], width);
            (scores + Vector512.Load(tile + (i * Size))).Store(tile + (i * Size));
        }
    }

    // Sixteen elements of a row by their columns, the least of which is given.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Pick<TFormat>(byte* row, int* columns, int least, int width)
        where TFormat : IElementFormat
    {
        var first = Math.Min(least, width - Size);
        return Avx512F.PermuteVar16x32(
            TFormat.LoadSixteen(row + ((nint)first * TFormat.Size)), Vector512.Load(columns) - Vector512.Create(first));
    }
}
