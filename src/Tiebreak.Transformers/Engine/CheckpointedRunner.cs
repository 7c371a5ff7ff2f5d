using Tiebreak.Transformers.Sequences;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Engine;

/// <summary>
/// Keeps what goes into each part of a layer, and nothing of its inside: the backward pass computes the part again ("gradient
/// checkpointing", Chen, Xu, Zhang, Guestrin 2016, arXiv:1604.06174), up to its last product, whose values no gradient needs unless a norm
/// or a router follows. Memory holds one or two states a token and layer and the inside of one layer. Without gradients it is a
/// <see cref="ResidentRunner"/>.
/// </summary>
internal sealed class CheckpointedRunner(Backbone backbone) : ResidentRunner(backbone)
{
    /// <inheritdoc/>
    protected override Tensor Pass(
        int index, Layer layer, Tensor hidden, BatchPositions positions, TokenSelection wanted, Action<int, Tensor>? observe)
    {
        if (!is_grad_enabled())
            return base.Pass(index, layer, hidden, positions, wanted, observe);

        // The weights are no arguments of the recomputed function, so that its output would have no gradient if its input had none, as
        // behind a frozen embedding.
        if (!hidden.requires_grad)
            _ = hidden.requires_grad_();
        var at = positions with { ComputedAgain = PartsOf(index, wanted), Anew = () => Backbone.PositionsOf(positions.Tokens) };
        return base.Pass(index, layer, hidden, at, wanted, observe);
    }

    // The backward pass begins with the last part that computes all tokens: what it needs may as well stay, since one part's inside is in
    // memory at any time. Of a last layer whose outputs are wanted for a few tokens little is computed for the others.
    private LayerPart PartsOf(int index, TokenSelection wanted)
    {
        var lastWhole = Backbone.LayerCount - (wanted is TokenSelection.All or TokenSelection.Mean ? 1 : 2);
        return index < lastWhole ? LayerPart.Whole : index == lastWhole ? LayerPart.Attention : LayerPart.None;
    }
}
