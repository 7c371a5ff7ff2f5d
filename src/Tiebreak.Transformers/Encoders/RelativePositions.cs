using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Encoders;

/// <summary>
/// DeBERTa's table of relative positions (https://arxiv.org/abs/2006.03654) and which row a distance has. Past the last bucket the row is
/// clamped to the table, as transformers does; the authors' own code clamps the distance first, which differs by a row on one side.
/// </summary>
internal sealed class RelativePositions : WeightOwner
{
    private readonly RelativeOptions _options;
    private readonly Tensor _embeddings;
    private readonly LayerNorm? _norm;
    private readonly Dictionary<int, Tensor> _rows = [];

    public RelativePositions(EncoderOptions options, RelativeOptions relative, WeightSource weights, string prefix)
    {
        _options = relative;
        _embeddings = Own(weights.Tensor($"{prefix}encoder.rel_embeddings.weight", 2 * relative.Span, options.HiddenSize));
        _norm = relative.NormalisesEmbeddings
            ? Own(new LayerNorm(weights, $"{prefix}encoder.LayerNorm", options.HiddenSize, options.NormEpsilon))
            : null;
    }

    /// <summary>[2 * span, hidden].</summary>
    public Tensor Embeddings() => _norm is null ? _embeddings.alias() : _norm.Forward(_embeddings);

    /// <summary>The row of the table for each pair of query and key.</summary>
    /// <param name="queryStart">The first query.</param>
    /// <param name="queryCount">How many queries.</param>
    /// <param name="length">The sequence's length; every token is a key.</param>
    /// <returns>[queries, keys], int64.</returns>
    public Tensor Rows(long queryStart, long queryCount, int length)
    {
        if (!_rows.TryGetValue(length, out var byDistance))
            _rows[length] = byDistance = RowsByDistance(length);

        // The row depends on query - key alone. Laid out by falling distance, the window of one query is that of the next moved by a place.
        using var scope = NewDisposeScope();
        return byDistance.unfold(0, length, 1).narrow(0, length - queryStart - queryCount, queryCount).flip(0).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        Forget();
        base.Dispose(disposing);
    }

    /// <summary>Frees what was kept for the lengths of one batch.</summary>
    public void Forget()
    {
        foreach (var rows in _rows.Values)
            rows.Dispose();
        _rows.Clear();
    }

    private Tensor RowsByDistance(int length)
    {
        using var scope = NewDisposeScope();
        var distances = arange(length - 1, -length, -1, dtype: ScalarType.Int64, device: _embeddings.device);
        return (Bucketed(distances) + _options.Span).clamp(0, (2 * _options.Span) - 1).DetachFromDisposeScope();
    }

    /// <summary>In float32, in transformers' order of operations: the edges of buckets depend on it.</summary>
    private Tensor Bucketed(Tensor distances)
    {
        if (_options.Buckets == 0)
            return distances;

        var middle = _options.Buckets / 2;
        var sizes = distances.abs();
        var capped = where(sizes < middle, full_like(sizes, middle - 1), sizes);
        var ratio = tensor((_options.MaxDistance - 1) / (double)middle, dtype: ScalarType.Float32, device: distances.device).log();
        var logarithmic = capped.to(ScalarType.Float32).div(middle).log().div(ratio).mul(middle - 1).ceil() + middle;
        return where(capped <= middle, distances, (logarithmic * distances.sign()).to(ScalarType.Int64));
    }
}
