using Tiebreak.Transformers.Encoders;
using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Sequences;

namespace Tiebreak.Transformers.Engine;

/// <summary>
/// What all layers of a backbone need to know of a batch beside its hidden states: where the tokens stand, and the tensors that follow from
/// that alone. Those tensors belong to the dispose scope in which they were made.
/// </summary>
/// <param name="Tokens">The batch.</param>
internal sealed record BatchPositions(PackedTokens Tokens)
{
    /// <summary>The angles of each layer's rotary embedding, null for a layer without; empty: the backbone has none.</summary>
    public IReadOnlyList<RotaryAngles?> Rotary { get; init; } = [];

    /// <summary>The same for each device, of a backbone whose layers lie on several; empty: they lie on one.</summary>
    public IReadOnlyList<BatchPositions> OfParts { get; init; } = [];

    /// <summary>The rows of DeBERTa's table of relative positions; null: the backbone has none.</summary>
    public RelativeRows? Relative { get; init; }
}
