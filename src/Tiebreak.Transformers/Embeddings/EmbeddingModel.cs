using Tiebreak.Core;
using Tiebreak.Core.Judging.Capabilities;
using Tiebreak.Tokenization;
using Tiebreak.Tokenization.Formats;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Judges;
using Tiebreak.Transformers.Sequences;

namespace Tiebreak.Transformers.Embeddings;

/// <summary>A model, the thread that it lives on and its tokenizer, for hidden states instead of scores.</summary>
internal sealed class EmbeddingModel(ModelThread thread, Tokenizer tokenizer) : IAsyncDisposable
{
    private const int BatchTokens = 4096;

    public ModelThread Thread { get; } = thread;

    public Tokenizer Tokenizer { get; } = tokenizer;

    /// <summary>Opens a published model for an embedder, which then owns it; a head is not needed.</summary>
    /// <param name="folder">The model's folder, with its tokenizer.</param>
    /// <param name="options">How to embed.</param>
    /// <param name="embedder">Makes the embedder. If it throws, the model is closed.</param>
    /// <param name="cancellationToken">Stops before the weights are read.</param>
    /// <exception cref="InputException">The folder holds no model and tokenizer that fit together.</exception>
    public static async Task<TEmbedder> OpenAsync<TEmbedder>(
        string folder, EmbeddingOptions options, Func<EmbeddingModel, Task<TEmbedder>> embedder, CancellationToken cancellationToken)
    {
        var tokenizer = TokenizerFile.Open(folder);
        var thread = await ModelThread.StartAsync(
            () => TransformerModel.Load(folder, options.Type, options.Device, compute: options.Compute, head: HeadKind.None),
            options.Threads,
            cancellationToken).ConfigureAwait(false);
        try
        {
            if (await thread.LookAsync(model => model.Backbone.MaxPositions, cancellationToken).ConfigureAwait(false) is { } positions
                && options.MaxTokens > positions)
            {
                throw new InputException(
                    $"{options.MaxTokens} tokens are to be read at once, but the model in {folder} has {positions} positions; " +
                    $"give `max-tokens` {positions} or less.")
                {
                    Parameters = ["max-tokens"],
                };
            }

            return await embedder(new EmbeddingModel(thread, tokenizer)).ConfigureAwait(false);
        }
        catch
        {
            await thread.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Computes one vector a sequence; all are in memory at once.</summary>
    /// <param name="rows">The sequences. One without tokens gives no vector.</param>
    /// <param name="what">What a row is of, for error messages: <c>battle</c>.</param>
    /// <param name="pooling">How hidden states become one vector.</param>
    /// <param name="progress">Receives the number of sequences done.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>The vectors, in the order of the rows.</returns>
    /// <exception cref="TiebreakException">A vector is not finite.</exception>
    public async Task<float[]?[]> PoolAsync(
        TokenSequence[] rows, string what, EmbeddingPooling pooling, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        int[] present = [.. Enumerable.Range(0, rows.Length).Where(i => rows[i].Tokens.Count > 0)];
        var vectors = new float[]?[rows.Length];
        var isMean = pooling is EmbeddingPooling.Mean;
        var done = rows.Length - present.Length;
        foreach (var batch in TokenBatches.Pack([.. present.Select(i => rows[i].Tokens.Count)], BatchTokens))
        {
            TokenSequence[] sequences = [.. batch.Select(k => rows[present[k]])];
            var values = await Thread.ComputeAsync(
                sequences,
                model => isMean ? TokenSelection.All : model.Backbone.Pooling,
                (_, tokens, hidden) => isMean ? tokens.Mean(hidden) : hidden,
                cancellationToken).ConfigureAwait(false);
            for (var i = 0; i < batch.Length; i++)
            {
                vectors[present[batch[i]]] = Array.TrueForAll(values[i], float.IsFinite)
                    ? values[i]
                    : throw new TiebreakException($"The model gave a number that is not finite for {what} {sequences[i].Id}; "
                        + "compute with float32, or look at the weights.");
            }

            progress?.Report(done += batch.Length);
        }

        return vectors;
    }

    public ValueTask DisposeAsync() => Thread.DisposeAsync();
}
