using TorchSharp;

namespace Tiebreak.Torch.Kernels;

/// <summary>A sequence whose tokens attend to each other; its tensors are contiguous, on the CPU, and of one type.</summary>
/// <param name="Query">[queries, heads, dim]: of tokens that follow each other; float32 or bfloat16.</param>
/// <param name="Key">[length, key heads, dim]: of the whole sequence; key heads divide heads.</param>
/// <param name="Value">[length, key heads, dim]: likewise.</param>
/// <param name="View">Which keys a query sees.</param>
/// <param name="Output">[queries, heads * dim]; gets the result.</param>
/// <param name="Bias">[heads, queries, length], float32: added to the scores; null: nothing is.</param>
/// <param name="Positions">Scores of relative positions; null: there are none. For <see cref="AttentionKernel.TakesPositions"/>.</param>
internal sealed record AttentionSequence(
    torch.Tensor Query, torch.Tensor Key, torch.Tensor Value, AttentionView View, torch.Tensor Output, torch.Tensor? Bias = null,
    AttentionPositions? Positions = null)
{
    /// <summary>How many queries there are.</summary>
    public int Queries => (int)Query.shape[0];

    /// <summary>How many keys there are.</summary>
    public int Length => (int)Key.shape[0];

    /// <summary>Refuses tensors that do not fit each other.</summary>
    /// <exception cref="ArgumentException">They do not.</exception>
    public void Check()
    {
        if (View.Position < 0 || View.Position + Queries > Length)
            throw new ArgumentException($"{Queries} queries from {View.Position} on do not lie among {Length} keys.");
        var (heads, keyHeads, dim) = (Query.shape[1], Key.shape[1], Query.shape[2]);
        if (heads % keyHeads != 0 || Key.shape[2] != dim || Output.numel() != Query.numel()
            || !Value.shape.AsSpan().SequenceEqual(Key.shape) || (Bias is { } bias && bias.numel() != heads * Queries * Length))
        {
            throw new ArgumentException("Heads, values, biases and results do not fit the queries and keys.");
        }

        if (Positions is not { } positions)
            return;
        long[] table = [positions.Columns.Count, heads, dim];
        if (!positions.Keys.shape.AsSpan().SequenceEqual(table) || !positions.Queries.shape.AsSpan().SequenceEqual(table)
            || heads != keyHeads || positions.Columns.Length != Length || !positions.Columns.IsDense)
        {
            throw new ArgumentException("Positions do not fit the queries and keys.");
        }
    }
}
