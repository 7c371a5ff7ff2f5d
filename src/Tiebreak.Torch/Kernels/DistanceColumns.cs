namespace Tiebreak.Torch.Kernels;

/// <summary>Which column of a table of relative positions (DeBERTa) belongs to each distance of a query from a key.</summary>
internal sealed unsafe class DistanceColumns
{
    // Tiles reach beyond the ends of queries and keys; what they find there is used by nobody.
    private const int Margin = 64;

    private readonly int[] _falling;
    private readonly int[] _rising;

    /// <param name="columns">Of the distances length - 1 down to -(length - 1).</param>
    /// <param name="count">How many columns the table has.</param>
    public DistanceColumns(ReadOnlySpan<int> columns, int count)
    {
        (Count, Length) = (count, (columns.Length + 1) / 2);
        _falling = GC.AllocateUninitializedArray<int>(columns.Length + (2 * Margin), pinned: true);
        _falling.AsSpan(0, Margin).Fill(columns[0]);
        columns.CopyTo(_falling.AsSpan(Margin));
        _falling.AsSpan(Margin + columns.Length).Fill(columns[^1]);
        _rising = GC.AllocateUninitializedArray<int>(_falling.Length, pinned: true);
        _falling.CopyTo(_rising, 0);
        Array.Reverse(_rising);
        IsDense = true;
        for (var i = 1; i < columns.Length; i++)
            IsDense &= columns[i - 1] - columns[i] is 0 or 1;
    }

    /// <summary>Columns of the table.</summary>
    public int Count { get; }

    /// <summary>Keys of the sequence.</summary>
    public int Length { get; }

    /// <summary>Whether no distance's column is further from the next one's than by one: then sixteen lie within sixteen.</summary>
    public bool IsDense { get; }

    /// <summary>Columns from a distance on, for distances that grow.</summary>
    public int* RisingFrom(int distance) => Address(_rising) + Margin + Length - 1 + distance;

    /// <summary>Columns from a distance on, for distances that become less.</summary>
    public int* FallingFrom(int distance) => Address(_falling) + Margin + Length - 1 - distance;

    private static int* Address(int[] pinned) => (int*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref pinned[0]);
}
