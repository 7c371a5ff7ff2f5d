using static TorchSharp.torch;

namespace Tiebreak.Transformers.Sequences;

/// <summary>
/// Tokens with which all sequences of several batches begin, such as the rubric of a whole file, and their keys and values in each layer:
/// computed with the first batch and read by the others. Only for decoders, see <see cref="Backbone.IsCausal"/>. Memory: twice tokens x key
/// heads x size of a head, for each layer.
/// </summary>
/// <param name="tokens">The tokens, one or more.</param>
internal sealed class KeptPrefix(IReadOnlyList<int> tokens) : IDisposable
{
    private readonly Dictionary<int, (Tensor Key, Tensor Value)> _layers = [];

    /// <summary>The tokens.</summary>
    public IReadOnlyList<int> Tokens => tokens;

    /// <summary>Whether keys and values are there.</summary>
    public bool IsComputed => _layers.Count > 0;

    /// <summary>
    /// The keys and values that the queries of a batch see: those of its kept prefix, where it has one, and its own. Where the batch is
    /// itself a prefix to be kept, its own are remembered.
    /// </summary>
    /// <param name="batch">The batch.</param>
    /// <param name="layer">The layer's number.</param>
    /// <param name="key">[tokens, key heads, dim], rotated.</param>
    /// <param name="value">[tokens, key heads, dim].</param>
    /// <returns>[kept tokens + tokens, key heads, dim], both.</returns>
    public static (Tensor Key, Tensor Value) Join(PackedTokens batch, int layer, Tensor key, Tensor value)
    {
        if (batch.KeptIn is { } kept)
            kept._layers.Add(layer, (key.clone().DetachFromDisposeScope(), value.clone().DetachFromDisposeScope()));
        return batch.Kept?._layers[layer] is var (keys, values) ? (cat([keys, key]), cat([values, value])) : (key, value);
    }

    /// <summary>The batch that computes the prefix.</summary>
    public PackedTokens Batch() => new([new TokenSequence("with which all rows begin", tokens)]) { KeptIn = this };

    /// <summary>Frees what one layer has left here, where layers come one after another and not again.</summary>
    public void Free(int layer)
    {
        if (!_layers.Remove(layer, out var tensors))
            return;
        tensors.Key.Dispose();
        tensors.Value.Dispose();
    }

    /// <summary>Frees keys and values; the prefix can be computed again.</summary>
    public void Dispose()
    {
        foreach (var layer in _layers.Keys.ToArray())
            Free(layer);
    }
}
