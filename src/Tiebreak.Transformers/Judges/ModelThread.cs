using Tiebreak.Torch;
using Tiebreak.Transformers.Sequences;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Judges;

/// <summary>A model and the thread that it lives on. Safe to call from many threads: batches queue up.</summary>
internal sealed class ModelThread : IAsyncDisposable
{
    private readonly TorchWorker _worker;
    private readonly TransformerModel _model;
    private bool _isDisposed;

    private ModelThread(TorchWorker worker, TransformerModel model) => (_worker, _model) = (worker, model);

    /// <summary>Loads a model on a thread of its own.</summary>
    /// <param name="load">Loads it.</param>
    /// <param name="cancellationToken">Keeps it from starting.</param>
    public static async Task<ModelThread> StartAsync(Func<TransformerModel> load, CancellationToken cancellationToken = default)
    {
        var worker = new TorchWorker("transformer judge");
        try
        {
            return new ModelThread(worker, await worker.RunAsync(load, cancellationToken));
        }
        catch
        {
            worker.Dispose();
            throw;
        }
    }

    /// <summary>Looks at the model on its thread.</summary>
    public Task<T> LookAsync<T>(Func<TransformerModel, T> look, CancellationToken cancellationToken = default) =>
        _worker.RunAsync(() => look(_model), cancellationToken);

    /// <summary>Computes a batch.</summary>
    /// <param name="rows">Token ids.</param>
    /// <param name="selection">Chooses the tokens whose hidden states are read; no others are computed in the last layer.</param>
    /// <param name="read">Makes numbers of those hidden states: a matrix with as many rows as results are wanted.</param>
    /// <param name="cancellationToken">Keeps the batch from starting.</param>
    /// <returns>The rows of the matrix.</returns>
    public Task<float[][]> ComputeAsync(
        IReadOnlyList<TokenSequence> rows,
        Func<TransformerModel, TokenSelection> selection,
        Func<TransformerModel, PackedTokens, Tensor, Tensor> read,
        CancellationToken cancellationToken = default) =>
        _worker.RunAsync(
            () =>
            {
                using var mode = inference_mode();
                using var scope = NewDisposeScope();
                var tokens = new PackedTokens(rows);
                var hidden = _model.Layers.Forward(tokens, selection(_model));
                var values = read(_model, tokens, hidden).to(ScalarType.Float32).cpu().contiguous(); // [results, outputs]
                return values.data<float>().ToArray().Chunk((int)values.shape[1]).ToArray();
            },
            cancellationToken);

    /// <summary>Frees the model and ends the thread. A second call does nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
            return;

        await _worker.RunAsync(() =>
        {
            _model.Dispose();
            return true;
        });
        _worker.Dispose();
    }
}
