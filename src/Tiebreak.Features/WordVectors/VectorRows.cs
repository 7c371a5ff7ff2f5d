using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tiebreak.Features.WordVectors;

/// <summary>A matrix of float32 whose rows are filled up with zeros to whole hardware vectors.</summary>
/// <param name="count">Rows.</param>
/// <param name="dimensions">Numbers in a row.</param>
internal sealed class VectorRows(int count, int dimensions)
{
    private readonly Vector512<float>[] _values = new Vector512<float>[count * BlocksOf(dimensions)];

    /// <summary>Numbers in a row.</summary>
    public int Dimensions => dimensions;

    /// <summary>Hardware vectors in a row.</summary>
    public int Blocks { get; } = BlocksOf(dimensions);

    /// <summary>A row as hardware vectors.</summary>
    public Span<Vector512<float>> this[int row] => _values.AsSpan(row * Blocks, Blocks);

    /// <summary>A row as <see cref="Dimensions"/> numbers.</summary>
    public Span<float> Numbers(int row) => MemoryMarshal.Cast<Vector512<float>, float>(this[row])[..dimensions];

    private static int BlocksOf(int dimensions) => (dimensions + Vector512<float>.Count - 1) / Vector512<float>.Count;
}
