using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Sequences;
using static TorchSharp.torch;

namespace Tiebreak.Transformers;

/// <summary>A model without its head: token ids in, hidden states out.</summary>
public abstract class Backbone : WeightOwner
{
    /// <summary>Entries of the vocabulary.</summary>
    public abstract int VocabularySize { get; }

    /// <summary>Size of a hidden state.</summary>
    public abstract int HiddenSize { get; }

    /// <summary>How many layers there are.</summary>
    public abstract int LayerCount { get; }

    /// <summary>The longest sequence in tokens; null: any length can be computed.</summary>
    public abstract int? MaxPositions { get; }

    /// <summary>Whose hidden state heads read.</summary>
    public abstract Pooling Pooling { get; }

    /// <summary>Computes the hidden states of every token.</summary>
    /// <param name="tokens">The sequences.</param>
    /// <param name="observe">
    /// Called with 0 and the embedding, then with each layer's number from 1 and its output; the last is the result. Tensors are [tokens,
    /// hidden] and live only during the call. Null: nobody looks.
    /// </param>
    /// <returns>[tokens, hidden]; row by row independent of the other sequences but for rounding.</returns>
    /// <exception cref="Core.InputException">A token or a length is out of range; the row is named.</exception>
    public Tensor Forward(PackedTokens tokens, Action<int, Tensor>? observe = null)
    {
        tokens.Check(VocabularySize, MaxPositions);
        using var scope = NewDisposeScope();
        return Compute(tokens, observe).MoveToOuterDisposeScope();
    }

    /// <summary>Computes tokens that have been checked.</summary>
    protected abstract Tensor Compute(PackedTokens tokens, Action<int, Tensor>? observe);
}
