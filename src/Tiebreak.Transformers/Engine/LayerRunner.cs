using Tiebreak.Torch;
using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Sequences;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Engine;

/// <summary>
/// Takes batches through the layers of a backbone. Runners differ in when layers are opened and freed, never in what is computed. The
/// backbone stays the caller's, and must live as long as the runner.
/// </summary>
internal abstract class LayerRunner(Backbone backbone) : WeightOwner
{
    /// <summary>The layers' backbone.</summary>
    protected Backbone Backbone => backbone;

    /// <summary>Computes the final hidden states of one batch.</summary>
    /// <param name="tokens">The sequences.</param>
    /// <param name="wanted">Whose hidden states are needed. The last layer computes no others, which changes nothing but rounding.</param>
    /// <param name="observe">
    /// Called with 0 and the embedding, then with each layer's number from 1 and its output, then with the number after the last and the
    /// result. Tensors are [tokens, hidden] (the last two: of what is wanted) and live only during the call. Null: nobody looks.
    /// </param>
    /// <returns>[tokens, hidden] or [sequences, hidden]; row by row independent of the other sequences but for rounding.</returns>
    /// <exception cref="Core.InputException">A token or a length is out of range; the row is named.</exception>
    /// <exception cref="ArgumentException">Sequences share a prefix, and the backbone reads in both directions.</exception>
    public Tensor Forward(PackedTokens tokens, TokenSelection wanted = TokenSelection.All, Action<int, Tensor>? observe = null) =>
        Run([tokens], wanted, observe, CancellationToken.None)[0];

    /// <summary>Computes the final hidden states of several batches.</summary>
    /// <param name="batches">The batches; the results of all of them are in memory at once.</param>
    /// <param name="wanted">Whose hidden states are needed.</param>
    /// <param name="observe">
    /// As for <see cref="Forward(PackedTokens, TokenSelection, Action{int, Tensor}?)"/>, for each of the batches: as often as there are
    /// layers, and twice more.
    /// </param>
    /// <param name="cancellationToken">Stops before the next layer of a batch.</param>
    /// <returns>One tensor a batch, as <see cref="Forward(PackedTokens, TokenSelection, Action{int, Tensor}?)"/> gives it.</returns>
    /// <exception cref="Core.InputException">A token or a length is out of range; the row is named.</exception>
    /// <exception cref="ArgumentException">Sequences share a prefix, and the backbone reads in both directions.</exception>
    public Tensor[] Forward(
        IReadOnlyList<PackedTokens> batches,
        TokenSelection wanted,
        Action<int, Tensor>? observe = null,
        CancellationToken cancellationToken = default) => Run(batches, wanted, observe, cancellationToken);

    /// <summary>Computes batches that have been checked, in a dispose scope of the caller's.</summary>
    protected abstract Tensor[] Compute(
        IReadOnlyList<PackedTokens> batches, TokenSelection wanted, Action<int, Tensor>? observe, CancellationToken cancellationToken);

    /// <summary>The embedding of a batch.</summary>
    protected Tensor Embed(PackedTokens tokens, Action<int, Tensor>? observe)
    {
        var hidden = backbone.Embed(tokens);
        observe?.Invoke(0, hidden);
        return hidden;
    }

    /// <summary>Takes a batch through one layer, and to its end after the last one; what went in is freed.</summary>
    protected virtual Tensor Pass(
        int index, Layer layer, Tensor hidden, BatchPositions positions, TokenSelection wanted, Action<int, Tensor>? observe)
    {
        using var scope = NewDisposeScope();
        var isLast = index == backbone.LayerCount - 1;
        var output = layer.Forward(hidden, positions, isLast && wanted is not TokenSelection.Mean ? wanted : TokenSelection.All);
        hidden.Dispose();
        observe?.Invoke(index + 1, output);
        if (isLast)
        {
            output = backbone.Finish(output);
            if (wanted is TokenSelection.Mean)
                output = positions.Tokens.Select(output, wanted);
            observe?.Invoke(index + 2, output);
        }

        return output.MoveToOuterDisposeScope();
    }

    /// <summary>Computes a batch in <see cref="BatchParts"/>, or as a whole where somebody looks; what went in is freed.</summary>
    /// <param name="tokens">The batch.</param>
    /// <param name="hidden">[tokens, hidden].</param>
    /// <param name="observe">Null: nobody looks.</param>
    /// <param name="compute">Takes rows of the hidden states, which it frees, and their positions through one layer or more.</param>
    /// <returns>What it gave, in the order of the sequences.</returns>
    protected Tensor InParts(
        PackedTokens tokens, Tensor hidden, Action<int, Tensor>? observe, Func<Tensor, BatchPositions, Tensor> compute)
    {
        var parts = observe is null ? BatchParts.Of(tokens, hidden.device) : [tokens];
        if (parts.Count == 1)
            return compute(hidden, backbone.PositionsOf(tokens));

        // A backbone keeps tables for positions: those are no work of several threads.
        var positions = parts.Select(backbone.PositionsOf).ToArray();
        var starts = new int[parts.Count];
        for (var part = 1; part < parts.Count; part++)
            starts[part] = starts[part - 1] + parts[part - 1].TokenCount;

        var results = new Tensor?[parts.Count];
        try
        {
            SingleThreaded.Run(parts.Count, part =>
            {
                var rows = hidden.narrow(0, starts[part], parts[part].TokenCount);
                results[part] = compute(rows, positions[part]).DetachFromDisposeScope();
            });
            hidden.Dispose();
            return cat([.. results.Select(result => result!)]);
        }
        finally
        {
            foreach (var result in results)
                result?.Dispose();
        }
    }

    private Tensor[] Run(
        IReadOnlyList<PackedTokens> batches, TokenSelection wanted, Action<int, Tensor>? observe, CancellationToken cancellationToken)
    {
        foreach (var tokens in batches)
        {
            tokens.Check(backbone.VocabularySize, backbone.MaxPositions);
            if (tokens.SharesPrefixes && !backbone.IsCausal)
            {
                throw new ArgumentException(
                    "An encoder's tokens see those after them, so that sequences share no prefix.", nameof(batches));
            }

            if (tokens.Kept is not null && wanted is not TokenSelection.LastToken)
                throw new ArgumentException("Of a kept prefix there are keys and values, but no hidden states.", nameof(wanted));
        }

        using var scope = NewDisposeScope();
        return Array.ConvertAll(Compute(batches, wanted, observe, cancellationToken), hidden => hidden.MoveToOuterDisposeScope());
    }
}
