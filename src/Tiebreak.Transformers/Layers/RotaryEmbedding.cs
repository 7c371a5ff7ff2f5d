using Tiebreak.Core;
using Tiebreak.Torch.Operators;
using Tiebreak.Transformers.Sequences;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Layers;

/// <summary>
/// Rotary position embedding (https://arxiv.org/abs/2104.09864). Angles, cosines and sines are computed in float32.
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
    /// <exception cref="InputException">LongRoPE: sequences share a prefix, and the factors of one are not those of the other.</exception>
    public RotaryAngles AnglesOf(PackedTokens tokens)
    {
        using var scope = NewDisposeScope();
        var cosines = new List<Tensor>(tokens.Count);
        var sines = new List<Tensor>(tokens.Count);
        for (var i = 0; i < tokens.Count; i++)
        {
            var isLong = IsLong(tokens, i);
            if (tokens.PrefixOf(i) is { } prefix && IsLong(tokens, prefix.Sequence) != isLong)
            {
                throw new InputException(
                    $"Rows {tokens.IdOf(i)} and {tokens.IdOf(prefix.Sequence)} share a prefix, but only one of them is longer than " +
                    $"{_options.OriginalPositions} tokens, where LongRoPE turns by other angles; compute them apart.");
            }

            var (_, count, position) = tokens.SelectionOf(i, TokenSelection.All);
            var (cos, sin) = Table(isLong, position + count);
            cosines.Add(cos.narrow(0, position, count));
            sines.Add(sin.narrow(0, position, count));
        }

        return new RotaryAngles(
            cat(cosines).unsqueeze(1).MoveToOuterDisposeScope(),
            cat(sines).unsqueeze(1).MoveToOuterDisposeScope(),
            _options.IsInterleaved);
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

    private bool IsLong(PackedTokens tokens, int sequence) =>
        _options.Scaling is RotaryScaling.LongRope && (tokens.PaddedLength ?? tokens.LengthOf(sequence)) > _options.OriginalPositions;

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
        var positions = TensorArithmetic.Range(0, rows, type: ScalarType.Float32, device: _device).unsqueeze(1);
        var angles = positions * tensor(_options.Frequencies(isLong), device: _device).unsqueeze(0);
        var factor = _options.AttentionFactor;
        table = (angles.cos().Multiply(factor).DetachFromDisposeScope(), angles.sin().Multiply(factor).DetachFromDisposeScope());
        _tables[isLong] = table;
        return table;
    }
}
