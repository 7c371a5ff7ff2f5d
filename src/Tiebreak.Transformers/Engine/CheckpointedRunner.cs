using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Sequences;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Engine;

/// <summary>
/// Keeps what goes into each layer, and nothing of its inside: the backward pass computes the layer again ("gradient checkpointing", Chen,
/// Xu, Zhang, Guestrin 2016, arXiv:1604.06174). Memory holds one state a token and layer and the inside of one layer; time grows by one
/// forward pass, about a third of a step. Without gradients it is a <see cref="ResidentRunner"/>.
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
        var output = RecomputedFunction.Of(hidden, ThroughLayer);
        hidden.Dispose();
        return output;

        // The backward pass comes here with gradients on. The positions of the batch are gone then, and nobody looks a second time.
        Tensor ThroughLayer(Tensor input) =>
            base.Pass(index, layer, input, Backbone.PositionsOf(positions.Tokens), wanted, is_grad_enabled() ? null : observe);
    }
}
