using Tiebreak.Torch.Operators;
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

    public RelativePositions(EncoderOptions options, RelativeOptions relative, WeightSource weights, string prefix)
    {
        _options = relative;
        _embeddings = Own(weights.Tensor($"{prefix}encoder.rel_embeddings.weight", 2 * relative.Span, options.HiddenSize));
        if (relative.NormalisesEmbeddings)
            _norm = Own(new LayerNorm(weights, $"{prefix}encoder.LayerNorm", options.HiddenSize, options.NormEpsilon));
    }

    /// <summary>[2 * span, hidden].</summary>
    public Tensor Embeddings() => _norm is null ? _embeddings.alias() : _norm.Forward(_embeddings);

    /// <summary>The row of the table for each distance of a query from a key.</summary>
    /// <param name="length">The sequence's length.</param>
    /// <returns>[2 * length - 1], int64: of the distances length - 1 down to -(length - 1).</returns>
    public Tensor RowsByDistance(int length)
    {
        using var scope = NewDisposeScope();
        var distances = TensorArithmetic.Range(length - 1, -length, -1, device: _embeddings.device);
        return Bucketed(distances).Add(_options.Span).Clamp(0, (2 * _options.Span) - 1).MoveToOuterDisposeScope();
    }

    /// <summary>In float32, in transformers' order of operations: the edges of buckets depend on it.</summary>
    private Tensor Bucketed(Tensor distances)
    {
        if (_options.Buckets == 0)
            return distances;

        var middle = _options.Buckets / 2;
        var sizes = distances.abs();
        var capped = sizes.ClampMin(middle - 1);
        var ratio = tensor((_options.MaxDistance - 1) / (double)middle, dtype: ScalarType.Float32, device: distances.device).log();
        var logarithmic = capped.to(ScalarType.Float32).Divide(middle).log().div(ratio).Multiply(middle - 1).ceil().Add(middle);
        return where(capped.GreaterThan(middle), (logarithmic * distances.sign()).to(ScalarType.Int64), distances);
    }
}
