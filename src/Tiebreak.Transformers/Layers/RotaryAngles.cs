using Tiebreak.Torch.Kernels;
using Tiebreak.Torch.Operators;
using Tiebreak.Transformers.Sequences;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Layers;

/// <summary>How far each token's queries and keys are turned.</summary>
/// <param name="Cos">[tokens, 1, dimension / 2], float32.</param>
/// <param name="Sin">[tokens, 1, dimension / 2], float32.</param>
/// <param name="IsInterleaved">See <see cref="RotaryOptions.IsInterleaved"/>.</param>
internal sealed record RotaryAngles(Tensor Cos, Tensor Sin, bool IsInterleaved)
{
    /// <summary>The angles of some tokens of the batch.</summary>
    public RotaryAngles Of(PackedTokens tokens, TokenSelection wanted) => wanted is TokenSelection.All
        ? this
        : this with { Cos = tokens.Select(Cos, wanted), Sin = tokens.Select(Sin, wanted) };

    /// <summary>Turns queries or keys.</summary>
    /// <param name="heads">
    /// [tokens, heads, size]; elements of a head beyond the dimension stay as they are. Not to be used afterwards: where a kernel takes it,
    /// it is turned in place.
    /// </param>
    /// <returns>The same shape and type; computed in float32.</returns>
    public Tensor Rotate(Tensor heads)
    {
        if (!IsInterleaved && RotaryKernel.Takes(heads, Cos))
        {
            RotaryKernel.Rotate(heads, Cos, Sin);
            return heads;
        }

        using var scope = NewDisposeScope();
        var (dimension, size) = (2 * Cos.shape[2], heads.shape[2]);
        var precise = heads.narrow(2, 0, dimension).to(ScalarType.Float32);
        var turned = (IsInterleaved ? TurnNeighbours(precise) : TurnHalves(precise)).to(heads.dtype);
        return (dimension == size ? turned : cat([turned, heads.narrow(2, dimension, size - dimension)], 2)).MoveToOuterDisposeScope();
    }

    private Tensor TurnHalves(Tensor heads)
    {
        var half = heads.shape[2] / 2;
        var (first, second) = (heads.narrow(2, 0, half), heads.narrow(2, half, half));
        return cat([(first * Cos) - (second * Sin), (second * Cos).Add(first * Sin)], 2);
    }

    private Tensor TurnNeighbours(Tensor heads)
    {
        var pairs = heads.reshape(heads.shape[0], heads.shape[1], -1, 2); // [tokens, heads, dimension / 2, 2]
        var (first, second) = (pairs.select(3, 0), pairs.select(3, 1));
        return stack([(first * Cos) - (second * Sin), (second * Cos).Add(first * Sin)], 3).flatten(2);
    }
}
