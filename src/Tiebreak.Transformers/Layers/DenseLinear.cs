using Tiebreak.Torch.Kernels;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Layers;

/// <summary>A linear layer whose weight is a plain matrix.</summary>
internal sealed class DenseLinear : Linear
{
    private readonly Tensor _weight;

    /// <summary>Takes the tensors over.</summary>
    /// <param name="weight">[out, in].</param>
    /// <param name="bias">[out], or null.</param>
    public DenseLinear(Tensor weight, Tensor? bias)
    {
        _weight = Own(weight);
        Bias = bias is null ? null : Own(bias);
    }

    /// <inheritdoc/>
    public override Tensor? Bias { get; }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input) => FloatLinear.Takes(input, _weight, Bias) ? FloatLinear.Of(input, _weight, Bias)
        : FloatProduct.TakesInTraining(input, _weight, Bias) ? FloatProduct.Multiply(input, _weight, Bias) // the same bits
        : nn.functional.linear(input, _weight, Bias);

    /// <inheritdoc/>
    public override Tensor WithoutValues(Tensor input) => FloatLinear.Takes(input, _weight, Bias)
        ? FloatLinear.Of(input, _weight, Bias, hasValues: false)
        : UncomputedProduct.Of(input, _weight, Bias);

    /// <inheritdoc/>
    public override Tensor Weight(ScalarType type) => _weight.to(type);
}
