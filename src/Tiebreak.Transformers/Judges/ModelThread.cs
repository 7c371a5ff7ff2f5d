using Tiebreak.Torch;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Sequences;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Judges;

/// <summary>A model and the thread that it lives on. Safe to call from many threads: batches queue up.</summary>
internal sealed class ModelThread : IAsyncDisposable
{
    private readonly TorchWorker _worker;
    private readonly TransformerModel _model;
    private volatile bool _isDisposed;

    private ModelThread(TorchWorker worker, TransformerModel model) => (_worker, _model) = (worker, model);

    /// <summary>Loads a model on a thread of its own.</summary>
    /// <param name="load">Loads it.</param>
    /// <param name="threads">Threads of one operator, 1 or more, of this model only.</param>
    /// <param name="cancellationToken">Keeps it from starting.</param>
    public static async Task<ModelThread> StartAsync(
        Func<TransformerModel> load, int threads, CancellationToken cancellationToken = default)
    {
        var worker = new TorchWorker("transformer judge", threads);
        try
        {
            return new ModelThread(worker, await worker.RunAsync(load, cancellationToken).ConfigureAwait(false));
        }
        catch
        {
            worker.Dispose();
            throw;
        }
    }

    /// <summary>Looks at the model on its thread.</summary>
    /// <exception cref="ObjectDisposedException">The model has been freed; the task fails with it.</exception>
    public Task<T> LookAsync<T>(Func<TransformerModel, T> look, CancellationToken cancellationToken = default) =>
        _isDisposed ? Task.FromException<T>(Gone()) : _worker.RunAsync(() => look(_model), cancellationToken);

    /// <summary>Computes a batch.</summary>
    /// <param name="rows">Token ids.</param>
    /// <param name="selection">Chooses the tokens whose hidden states are read; no others are computed in the last layer.</param>
    /// <param name="read">Makes numbers of those hidden states: a matrix with as many rows as results are wanted.</param>
    /// <param name="cancellationToken">Keeps the batch from starting.</param>
    /// <returns>The rows of the matrix.</returns>
    /// <exception cref="ObjectDisposedException">The model has been freed; the task fails with it.</exception>
    public Task<float[][]> ComputeAsync(
        IReadOnlyList<TokenSequence> rows,
        Func<TransformerModel, TokenSelection> selection,
        Func<TransformerModel, PackedTokens, Tensor, Tensor> read,
        CancellationToken cancellationToken = default) =>
        LookAsync(
            model =>
            {
                using var mode = inference_mode();
                using var scope = NewDisposeScope();
                var tokens = model.Pack(rows);
                var hidden = model.Layers.Forward(tokens, selection(model));
                return Numbers(read(model, tokens, hidden));
            },
            cancellationToken);

    /// <summary>Computes the outputs of planned batches.</summary>
    /// <param name="batches">The batches.</param>
    /// <param name="kept">What all of their sequences begin with; computed here where it is not yet. Null: nothing.</param>
    /// <param name="head">What makes numbers of hidden states; it belongs to the model.</param>
    /// <param name="cancellationToken">Stops before the next layer of a batch.</param>
    /// <returns>The outputs of each batch, row by row.</returns>
    /// <exception cref="ObjectDisposedException">The model has been freed; the task fails with it.</exception>
    public Task<float[][][]> ComputeAsync(
        IReadOnlyList<PlannedBatch> batches, KeptPrefix? kept, Head head, CancellationToken cancellationToken) => LookAsync(
            model =>
            {
                using var mode = inference_mode();
                using var scope = NewDisposeScope();
                PackedTokens[] packed = [.. batches.Select(batch => model.Pack(batch, kept))];
                PackedTokens[] before = kept is { IsComputed: false } ? [kept.Batch()] : [];
                try
                {
                    var selection = head.SelectionOf(model.Backbone);
                    var hidden = model.Layers.Forward([.. before, .. packed], selection, cancellationToken)[before.Length..];
                    return packed.Zip(hidden, (tokens, states) => Numbers(head.Forward(tokens, states))).ToArray();
                }
                catch
                {
                    kept?.Dispose(); // it may lack layers
                    throw;
                }
            },
            cancellationToken);

    /// <summary>Frees what is kept on the model's thread.</summary>
    public Task FreeAsync(KeptPrefix kept) => _isDisposed ? Task.CompletedTask : _worker.RunAsync(() =>
    {
        kept.Dispose();
        return true;
    });

    /// <summary>Frees the model and ends the thread. A second call does nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
            return;

        await _worker.RunAsync(() =>
        {
            _model.Dispose();
            return true;
        }).ConfigureAwait(false);
        _worker.Dispose();
    }

    // [results, outputs]
    private static float[][] Numbers(Tensor results)
    {
        var values = results.to(ScalarType.Float32).cpu().contiguous();
        return values.data<float>().ToArray().Chunk((int)values.shape[1]).ToArray();
    }

    private static ObjectDisposedException Gone() => new(nameof(TransformerModel), "The model has been freed.");
}
