namespace Tiebreak.Torch.Kernels;

/// <summary>Which keys of a sequence its queries see.</summary>
/// <param name="Position">The place of the first query in the sequence.</param>
/// <param name="IsCausal">A query sees no key after it.</param>
/// <param name="Window">A query sees window - 1 keys before it, and after it where attention is not causal; null: all.</param>
internal readonly record struct AttentionView(int Position, bool IsCausal, int? Window)
{
    /// <summary>The first key that a query sees.</summary>
    public int FirstKey(int query) => Window is { } window ? Math.Max(0, Position + query - window + 1) : 0;

    /// <summary>The key after the last one that a query sees.</summary>
    public int AfterLastKey(int query, int length)
    {
        var place = Position + query;
        if (IsCausal)
            return place + 1;
        return Window is { } window ? Math.Min(length, place + window) : length;
    }
}
