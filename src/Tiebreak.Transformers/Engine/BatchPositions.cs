using Tiebreak.Transformers.Encoders;
using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Sequences;
using static TorchSharp.torch;

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

    /// <summary>Which parts of the layer keep what they read alone and are computed again for their gradients.</summary>
    public LayerPart ComputedAgain { get; init; }

    /// <summary>Makes positions with tensors of their own, for parts that are computed again when these are gone.</summary>
    public Func<BatchPositions>? Anew { get; init; }

    /// <summary>False in a part that is computed again: its gradients are wanted, and nobody reads what it gives.</summary>
    public bool NeedsValues { get; init; } = true;

    /// <summary>Computes a part of a layer.</summary>
    /// <param name="part">Which one.</param>
    /// <param name="input">What it reads; stays the caller's.</param>
    /// <param name="compute">Gives what the part gives, for the positions that it gets.</param>
    public Tensor Compute(LayerPart part, Tensor input, Func<Tensor, BatchPositions, Tensor> compute)
    {
        if (!ComputedAgain.HasFlag(part) || !is_grad_enabled())
            return compute(input, this);
        return RecomputedFunction.Of(
            input, read => compute(read, is_grad_enabled() ? Anew!() with { NeedsValues = false } : this));
    }
}

/// <summary>Parts of a layer that can be computed again apart from each other.</summary>
[Flags]
internal enum LayerPart
{
    /// <summary>No part.</summary>
    None = 0,

    /// <summary>Attention, and its sum with what came in.</summary>
    Attention = 1,

    /// <summary>What follows.</summary>
    FeedForward = 2,

    /// <summary>Both.</summary>
    Whole = Attention | FeedForward,
}
