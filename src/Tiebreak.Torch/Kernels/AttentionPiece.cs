namespace Tiebreak.Torch.Kernels;

/// <summary>A piece of attention that one thread computes: some queries of the heads that share one key head.</summary>
/// <param name="Addresses">Where the elements of the sequence lie.</param>
/// <param name="Shape">The sizes of the sequence.</param>
/// <param name="First">The first query.</param>
/// <param name="Queries">How many.</param>
/// <param name="Head">The key head.</param>
/// <param name="Scale">The factor on the scores.</param>
/// <param name="Softcap">See <see cref="AttentionKernel.Attend"/>.</param>
internal readonly record struct AttentionPiece(
    AttentionAddresses Addresses, AttentionShape Shape, int First, int Queries, int Head, float Scale, float? Softcap)
{
    /// <summary>Query heads of all these queries.</summary>
    public int Rows => Queries * Shape.Group;

    /// <summary>The first key that a query sees, and the one after the last.</summary>
    public (int First, int AfterLast) Keys => (Shape.View.FirstKey(First), Shape.View.AfterLastKey(First + Queries - 1, Shape.Length));

    /// <summary>Which of all query heads of all tokens a row is.</summary>
    public long PlaceOf(int row)
    {
        var (query, head) = Math.DivRem(row, Shape.Group);
        return (((long)First + query) * Shape.Heads) + (Head * Shape.Group) + head;
    }

    /// <summary>The query of a row.</summary>
    public int QueryOf(int row) => First + (row / Shape.Group);

    /// <summary>The query head of a row.</summary>
    public int HeadOf(int row) => (Head * Shape.Group) + (row % Shape.Group);
}
