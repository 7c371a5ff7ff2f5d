using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Sequences;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Heads;

/// <summary>
/// What turns the pooled hidden states of sequences into numbers, in training and in scoring alike. Where both sides of a battle are read
/// apart, the sequences of a battle stand one after the other: A, then B.
/// </summary>
internal abstract class Head : WeightOwner
{
    /// <summary>Rows of the head's last matrix: labels, values or tokens.</summary>
    public abstract int Outputs { get; }

    /// <summary>The tokens whose states the head reads.</summary>
    /// <param name="backbone">The model under it.</param>
    public virtual TokenSelection SelectionOf(Backbone backbone) => backbone.Pooling;

    /// <summary>Computes the head from the states of the tokens that it reads; gradients pass.</summary>
    /// <param name="tokens">The batch.</param>
    /// <param name="selected">[tokens, hidden] or [sequences, hidden]: what <see cref="SelectionOf"/> selects.</param>
    /// <returns>As <see cref="Forward(Tensor)"/>.</returns>
    public virtual Tensor Forward(PackedTokens tokens, Tensor selected) => Forward(selected);

    /// <summary>Computes the head; gradients pass.</summary>
    /// <param name="pooled">[sequences, hidden]; see <see cref="Sequences.PackedTokens.Select"/>.</param>
    /// <returns>
    /// A row for each sequence, or for each battle where sides are read apart: logits of labels, of answers or of the vocabulary [..,
    /// outputs], or the scores of both sides [battles, 2].
    /// </returns>
    public abstract Tensor Forward(Tensor pooled);
}
