using Tiebreak.Transformers.Engine;
using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Sequences;
using static TorchSharp.torch;

namespace Tiebreak.Transformers;

/// <summary>
/// A model without its head, as a stack of layers: it embeds tokens, opens each layer, and finishes what the last one gives. It owns what
/// is before and after the layers; a <see cref="LayerRunner"/> opens them and takes batches through.
/// </summary>
internal abstract class Backbone : WeightOwner
{
    /// <summary>Entries of the vocabulary.</summary>
    public abstract int VocabularySize { get; }

    /// <summary>Size of a hidden state.</summary>
    public abstract int HiddenSize { get; }

    /// <summary>How many layers there are.</summary>
    public abstract int LayerCount { get; }

    /// <summary>The longest sequence in tokens; null: any length can be computed.</summary>
    public abstract int? MaxPositions { get; }

    /// <summary>LongRoPE: longer sequences take the long factors. Null: the model has none.</summary>
    public virtual int? LongRopeLimit => null;

    /// <summary>What heads read: the hidden state of one token of each sequence, or the mean.</summary>
    public abstract TokenSelection Pooling { get; }

    /// <summary>
    /// Whether each token sees only those before it, so that sequences that begin alike have the same hidden states there and may share
    /// them.
    /// </summary>
    public abstract bool IsCausal { get; }

    /// <summary>What the first layer reads.</summary>
    /// <param name="tokens">The sequences, checked.</param>
    /// <returns>[tokens, hidden].</returns>
    internal abstract Tensor Embed(PackedTokens tokens);

    /// <summary>What every layer needs to know of a batch, computed once for all of them.</summary>
    internal virtual BatchPositions PositionsOf(PackedTokens tokens) => new(tokens);

    /// <summary>Takes the weights of one layer. It belongs to the caller, and needs the backbone as long as it is computed.</summary>
    /// <param name="index">The layer's number, from 0.</param>
    internal abstract Layer OpenLayer(int index);

    /// <summary>Makes the final hidden states of what the last layer gave.</summary>
    /// <param name="hidden">[rows, hidden], of any tokens.</param>
    /// <returns>[rows, hidden]; it may be the same tensor.</returns>
    internal virtual Tensor Finish(Tensor hidden) => hidden;
}
