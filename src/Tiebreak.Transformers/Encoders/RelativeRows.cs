using System.Collections.Frozen;
using Tiebreak.Torch.Kernels;
using Tiebreak.Transformers.Sequences;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Encoders;

/// <summary>
/// Which row of DeBERTa's table belongs to each pair of query and key, for the sequences of one batch: computed once for each length, for
/// all layers. The tensors belong to the dispose scope in which this was made.
/// </summary>
internal sealed class RelativeRows(RelativePositions positions, PackedTokens tokens)
{
    private readonly FrozenDictionary<int, Tensor> _rowsByDistance = Enumerable.Range(0, tokens.Count).Select(tokens.LengthOf).Distinct()
        .ToFrozenDictionary(length => length, positions.RowsByDistance);

    private readonly Dictionary<int, (int First, DistanceColumns Columns)> _columnsByDistance = [];

    /// <summary>The rows of a block of queries.</summary>
    /// <param name="queryStart">The first query.</param>
    /// <param name="queryCount">How many queries.</param>
    /// <param name="length">The sequence's length; every token is a key.</param>
    /// <returns>[queries, keys], int64.</returns>
    public Tensor Of(long queryStart, long queryCount, int length)
    {
        // The row depends on query - key alone. Laid out by falling distance, the window of one query is that of the next moved by a place.
        using var scope = NewDisposeScope();
        var windows = _rowsByDistance[length].unfold(0, length, 1);
        return windows.narrow(0, length - queryStart - queryCount, queryCount).flip(0).MoveToOuterDisposeScope();
    }

    /// <summary>The part of the table that a sequence needs, and which column of it each distance has.</summary>
    /// <param name="length">The sequence's length.</param>
    /// <returns>The first row of the part, and the columns.</returns>
    public (int First, DistanceColumns Columns) ColumnsByDistance(int length)
    {
        if (!_columnsByDistance.TryGetValue(length, out var known))
        {
            var rows = _rowsByDistance[length].data<long>().ToArray();
            var (first, last) = ((int)rows.Min(), (int)rows.Max());
            known = (first, new DistanceColumns(Array.ConvertAll(rows, row => (int)row - first), last - first + 1));
            _columnsByDistance.Add(length, known);
        }

        return known;
    }
}
