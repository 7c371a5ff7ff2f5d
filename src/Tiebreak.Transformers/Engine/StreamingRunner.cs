using Tiebreak.Transformers.Sequences;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Engine;

/// <summary>
/// Opens one layer at a time: all batches run through it before it is freed and the next one is opened. Memory holds one layer, and the
/// hidden states of all batches between two layers. For models that memory does not hold: their weights are read once for all batches of a
/// call, so that a call should bring many.
/// </summary>
internal sealed class StreamingRunner(Backbone backbone) : LayerRunner(backbone)
{
    /// <inheritdoc/>
    protected override Tensor[] Compute(
        IReadOnlyList<PackedTokens> batches, TokenSelection wanted, Action<int, Tensor>? observe, CancellationToken cancellationToken)
    {
        Tensor[] hidden = [.. batches.Select(tokens => Embed(tokens, observe))];
        for (var i = 0; i < Backbone.LayerCount; i++)
        {
            using var layer = Backbone.OpenLayer(i);
            for (var batch = 0; batch < hidden.Length; batch++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();

                // Made anew for each layer: kept for all batches, angles would take a tenth of the memory of the hidden states.
                var positions = Backbone.PositionsOf(batches[batch]);
                hidden[batch] = Pass(i, layer, hidden[batch], positions, wanted, observe).MoveToOuterDisposeScope();
            }

            foreach (var kept in batches.Select(batch => batch.Kept).OfType<KeptPrefix>().Distinct())
                kept.Free(i);
        }

        return hidden;
    }
}
