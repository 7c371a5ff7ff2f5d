using Tiebreak.Transformers.Layers;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Heads;

/// <summary>
/// Guesses masked tokens (https://arxiv.org/abs/1810.04805, section 3.1): a linear layer, an activation, a norm, and the product with the
/// word embedding of the model, to which the output matrix is tied.
/// </summary>
internal sealed class MaskedHead : Head
{
    private readonly Linear _dense;
    private readonly Activation _activation;
    private readonly Norm _norm;
    private readonly Tensor _words;
    private readonly Tensor _bias;

    /// <summary>Puts the head together.</summary>
    /// <param name="dense">From the hidden size to that of the embedding.</param>
    /// <param name="activation">After it.</param>
    /// <param name="norm">After that.</param>
    /// <param name="words">The word embedding, [vocabulary, size]; it stays the backbone's.</param>
    /// <param name="bias">[vocabulary].</param>
    public MaskedHead(Linear dense, Activation activation, Norm norm, Tensor words, Tensor bias)
    {
        (_dense, _activation, _norm, _bias) = (Own(dense), activation, Own(norm), Own(bias));
        _words = words;
    }

    /// <inheritdoc/>
    public override int Outputs => (int)_bias.shape[0];

    /// <inheritdoc/>
    public override Tensor Forward(Tensor pooled)
    {
        using var scope = NewDisposeScope();
        var features = _norm.Forward(_activation.Apply(_dense.Forward(pooled)));
        return nn.functional.linear(features, _words, _bias).MoveToOuterDisposeScope();
    }
}
