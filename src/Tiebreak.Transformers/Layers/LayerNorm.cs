using Tiebreak.Torch.Kernels;
using Tiebreak.Torch.Operators;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Layers;

/// <summary>
/// Layer normalisation (https://arxiv.org/abs/1607.06450): (x - mean) / sqrt(variance + epsilon) * w + b; some models leave b out.
/// </summary>
internal sealed class LayerNorm : Norm
{
    private readonly Tensor _weight;
    private readonly Tensor? _bias;
    private readonly double _epsilon;

    /// <summary>Takes weight and bias out of a source.</summary>
    /// <param name="weights">Where they come from.</param>
    /// <param name="name">The norm's name; old BERT files call its tensors gamma and beta.</param>
    /// <param name="size">The last dimension of what is normalised.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="hasBias">Whether there is a bias.</param>
    public LayerNorm(WeightSource weights, string name, int size, double epsilon, bool hasBias = true)
    {
        var isOld = weights.Has($"{name}.gamma");
        _weight = Own(weights.Tensor(isOld ? $"{name}.gamma" : $"{name}.weight", size));
        _bias = hasBias ? Own(weights.Tensor(isOld ? $"{name}.beta" : $"{name}.bias", size)) : null;
        _epsilon = epsilon;
    }

    /// <summary>The norm for blocks of rows; null where it is not of bfloat16, or not on the CPU.</summary>
    public BlockNorm? OfBlocks => BlockKernel.Holds(_weight) && (_bias is null || BlockKernel.Holds(_bias))
        ? new BlockNorm(_weight, _bias, (float)_epsilon)
        : null;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input) => LayerNormKernel.Takes(input, _weight, _bias)
        ? LayerNormKernel.Normalise(input, addend: null, _weight, _bias, (float)_epsilon)
        : nn.functional.layer_norm(input, [_weight.shape[0]], _weight, _bias, _epsilon);

    /// <summary>Normalises a sum, which may be left in the first tensor.</summary>
    public Tensor ForwardSum(Tensor input, Tensor addend) =>
        LayerNormKernel.Takes(input, _weight, _bias) && LayerNormKernel.Takes(addend, _weight, _bias)
            ? LayerNormKernel.Normalise(input, addend, _weight, _bias, (float)_epsilon)
            : Forward(input.AddInPlace(addend));
}
