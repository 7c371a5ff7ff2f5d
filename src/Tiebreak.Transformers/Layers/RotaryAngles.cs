using Tiebreak.Transformers.Sequences;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Layers;

/// <summary>How far each token's queries and keys are turned.</summary>
/// <param name="Cos">[tokens, 1, dimension / 2], float32.</param>
/// <param name="Sin">[tokens, 1, dimension / 2], float32.</param>
internal sealed record RotaryAngles(Tensor Cos, Tensor Sin)
{
    /// <summary>The angles of some tokens of the batch.</summary>
    public RotaryAngles Of(PackedTokens tokens, TokenSelection wanted) =>
        wanted is TokenSelection.All ? this : new RotaryAngles(tokens.Select(Cos, wanted), tokens.Select(Sin, wanted));

    /// <summary>Turns queries or keys.</summary>
    /// <param name="heads">[tokens, heads, dimension].</param>
    /// <returns>The same shape and type; computed in float32.</returns>
    public Tensor Rotate(Tensor heads)
    {
        using var scope = NewDisposeScope();
        var half = heads.shape[2] / 2;
        var precise = heads.to(ScalarType.Float32);
        var (first, second) = (precise.narrow(2, 0, half), precise.narrow(2, half, half));
        return cat([(first * Cos) - (second * Sin), (second * Cos) + (first * Sin)], 2).to(heads.dtype).MoveToOuterDisposeScope();
    }
}
