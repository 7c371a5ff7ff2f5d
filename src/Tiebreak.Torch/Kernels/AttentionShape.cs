namespace Tiebreak.Torch.Kernels;

/// <summary>The sizes of an <see cref="AttentionSequence"/>.</summary>
/// <param name="Heads">Of queries.</param>
/// <param name="KeyHeads">Of keys and values.</param>
/// <param name="Dim">Elements of a head.</param>
/// <param name="Queries">How many.</param>
/// <param name="Length">How many keys.</param>
/// <param name="View">Which keys a query sees.</param>
/// <param name="Columns">Of relative positions; null: there are none.</param>
internal readonly record struct AttentionShape(
    int Heads, int KeyHeads, int Dim, int Queries, int Length, AttentionView View, DistanceColumns? Columns)
{
    /// <summary>Query heads of a key head.</summary>
    public int Group { get; } = Heads / KeyHeads;

    /// <summary>The sizes of a sequence.</summary>
    public static AttentionShape Of(AttentionSequence sequence) => new(
        (int)sequence.Query.shape[1], (int)sequence.Key.shape[1], (int)sequence.Query.shape[2], sequence.Queries, sequence.Length,
        sequence.View, sequence.Positions?.Columns);
}
