using Tiebreak.Torch;
using Tiebreak.Transformers.Sequences;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Engine;

/// <summary>
/// Opens one layer after the other: all batches run through it before it is freed, while the next one is opened on a thread of its own.
/// Memory holds two layers, and the hidden states of all batches between two layers. For models that memory does not hold: their weights
/// are read once for all batches of a call, so that a call should bring many.
/// </summary>
internal sealed class StreamingRunner : LayerRunner
{
    private readonly TorchWorker _opener; // opens and frees, so that both count for the same thread

    /// <summary>Creates the runner; no layer is opened yet.</summary>
    /// <param name="backbone">Stays the caller's.</param>
    public StreamingRunner(Backbone backbone)
        : base(backbone) => _opener = Own(new TorchWorker("next layer", threads: 1));

    /// <inheritdoc/>
    protected override Tensor[] Compute(
        IReadOnlyList<PackedTokens> batches, TokenSelection wanted, Action<int, Tensor>? observe, CancellationToken cancellationToken)
    {
        Tensor[] hidden = [.. batches.Select(tokens => Embed(tokens, observe))];
        var layers = new Opened(this);
        var coming = layers.OpenAsync(0);
        try
        {
            for (var i = 0; i < Backbone.LayerCount; i++)
            {
                var layer = Wait(coming);
                if (i + 1 < Backbone.LayerCount)
                    coming = layers.OpenAsync(i + 1);
                for (var batch = 0; batch < hidden.Length; batch++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    using var scope = NewDisposeScope();

                    // Made anew for each layer: kept for all batches, angles would take a tenth of the memory of the hidden states.
                    var index = i;
                    hidden[batch] = InParts(
                        batches[batch], hidden[batch], observe,
                        (rows, positions) => Pass(index, layer, rows, positions, wanted, observe)).MoveToOuterDisposeScope();
                }

                foreach (var kept in batches.Select(batch => batch.Kept).OfType<KeptPrefix>().Distinct())
                    kept.Free(i);
                _ = Wait(layers.FreeAsync(1));
            }
        }
        finally
        {
            _ = Wait(layers.FreeAsync(2)); // of a computation that stopped
        }

        return hidden;
    }

    // This thread has nothing to do until the layer is there.
    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();

    /// <summary>The layers that are open, the oldest first.</summary>
    private sealed class Opened(StreamingRunner runner)
    {
        private readonly Queue<Layer> _layers = [];

        public Task<Layer> OpenAsync(int index) => runner._opener.RunAsync(() =>
        {
            var layer = runner.Backbone.OpenLayer(index);
            _layers.Enqueue(layer);
            return layer;
        });

        public Task<int> FreeAsync(int most) => runner._opener.RunAsync(() =>
        {
            var freed = 0;
            for (; freed < most && _layers.TryDequeue(out var layer); freed++)
                layer.Dispose();
            TorchRuntime.ReleaseFreedMemory(); // the next layer does not fit into the gaps, which would add up to several layers
            return freed;
        });
    }
}
