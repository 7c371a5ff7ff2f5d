using Tiebreak.Transformers.Sequences;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Layers;

/// <summary>
/// Rotary position embedding (https://arxiv.org/abs/2104.09864) in the half-split form of Hugging Face checkpoints: element i and element
/// i + dimension/2 of a head are turned together. Angles, cosines and sines are computed in float32.
/// </summary>
internal sealed class RotaryEmbedding : WeightOwner
{
    private readonly RotaryOptions _options;
    private readonly Device _device;
    private readonly Dictionary<bool, (Tensor Cos, Tensor Sin)> _tables = [];

    /// <summary>Creates the embedding; tables are computed when they are first needed.</summary>
    public RotaryEmbedding(RotaryOptions options, Device device)
    {
        _options = options;
        _device = device;
    }

    /// <summary>Cosines and sines for every token of a packed batch; positions count from 0 in each sequence.</summary>
    public RotaryAngles AnglesOf(PackedTokens tokens)
    {
        using var scope = NewDisposeScope();
        var cosines = new List<Tensor>(tokens.Count);
        var sines = new List<Tensor>(tokens.Count);
        for (var i = 0; i < tokens.Count; i++)
        {
            var length = tokens.LengthOf(i);
            var isLong = _options.Scaling is RotaryScaling.LongRope && (tokens.PaddedLength ?? length) > _options.OriginalPositions;
            var (cos, sin) = Table(isLong, length);
            cosines.Add(cos.narrow(0, 0, length));
            sines.Add(sin.narrow(0, 0, length));
        }

        return new RotaryAngles(cat(cosines).unsqueeze(1).MoveToOuterDisposeScope(), cat(sines).unsqueeze(1).MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (var (cos, sin) in _tables.Values)
        {
            cos.Dispose();
            sin.Dispose();
        }

        _tables.Clear();
        base.Dispose(disposing);
    }

    private (Tensor Cos, Tensor Sin) Table(bool isLong, int length)
    {
        if (_tables.TryGetValue(isLong, out var table))
        {
            if (table.Cos.shape[0] >= length)
                return table;
            table.Cos.Dispose();
            table.Sin.Dispose();
        }

        using var scope = NewDisposeScope();
        var rows = Math.Max(64, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)length));
        var positions = arange(rows, dtype: ScalarType.Float32, device: _device).unsqueeze(1);
        var angles = positions * tensor(_options.Frequencies(isLong), device: _device).unsqueeze(0);
        table = ((angles.cos() * _options.AttentionFactor).DetachFromDisposeScope(), (angles.sin() * _options.AttentionFactor).DetachFromDisposeScope());
        _tables[isLong] = table;
        return table;
    }
}
