using Tiebreak.Core.Judging;
using Tiebreak.Transformers.Sequences;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Engine;

/// <summary>
/// Opens all layers once and keeps them: each batch runs through all layers before the next. For models that memory holds, and for
/// training.
/// </summary>
internal class ResidentRunner : LayerRunner
{
    private readonly Layer[] _layers;

    /// <summary>Opens the layers, which takes their weights.</summary>
    /// <param name="backbone">Stays the caller's.</param>
    /// <param name="opened">Told how many of the layers are open.</param>
    public ResidentRunner(Backbone backbone, IProgress<JobProgress>? opened = null)
        : base(backbone)
    {
        _layers = new Layer[backbone.LayerCount];
        try
        {
            for (var i = 0; i < _layers.Length; i++)
            {
                opened?.Report(new JobProgress("loading the model", i, _layers.Length));
                _layers[i] = Own(backbone.OpenLayer(i));
            }

            opened?.Report(new JobProgress("loading the model", _layers.Length, _layers.Length));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    protected override Tensor[] Compute(
        IReadOnlyList<PackedTokens> batches, TokenSelection wanted, Action<int, Tensor>? observe, CancellationToken cancellationToken)
    {
        var results = new Tensor[batches.Count];
        for (var i = 0; i < results.Length; i++)
        {
            using var scope = NewDisposeScope();
            var hidden = Embed(batches[i], observe);
            results[i] = InParts(
                batches[i], hidden, observe, (rows, positions) => Compute(rows, positions, wanted, observe, cancellationToken))
                .MoveToOuterDisposeScope();
        }

        return results;
    }

    private Tensor Compute(
        Tensor hidden, BatchPositions positions, TokenSelection wanted, Action<int, Tensor>? observe, CancellationToken cancellationToken)
    {
        for (var layer = 0; layer < _layers.Length; layer++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            hidden = Pass(layer, _layers[layer], hidden, positions, wanted, observe);
        }

        return hidden;
    }
}
