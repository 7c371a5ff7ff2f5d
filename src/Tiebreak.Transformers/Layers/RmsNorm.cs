using Tiebreak.Torch.Kernels;
using Tiebreak.Torch.Operators;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Layers;

/// <summary>
/// Root-mean-square normalisation (https://arxiv.org/abs/1910.07467): x / sqrt(mean(x^2) + epsilon) * w. Computed in float32, rounded once
/// at the end.
/// </summary>
internal sealed class RmsNorm : Norm
{
    private readonly Tensor _weight;
    private readonly double _epsilon;
    private readonly bool _addsOne;

    /// <summary>Takes the weight out of a source.</summary>
    /// <param name="weights">Where it comes from.</param>
    /// <param name="name">The norm's name; <c>.weight</c> is added.</param>
    /// <param name="size">The last dimension of what is normalised.</param>
    /// <param name="epsilon">Added to the mean square.</param>
    /// <param name="addsOne">Gemma's convention: the factor is 1 + w.</param>
    public RmsNorm(WeightSource weights, string name, int size, double epsilon, bool addsOne)
    {
        _weight = Own(weights.Tensor($"{name}.weight", size));
        (_epsilon, _addsOne) = (epsilon, addsOne);
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input)
    {
        if (RmsNormKernel.Takes(input, _weight))
            return RmsNormKernel.Normalise(input, _weight, (float)_epsilon, _addsOne ? 1 : 0);

        using var scope = NewDisposeScope();
        var precise = input.to(ScalarType.Float32);
        var inverse = precise.Square().mean([-1], keepdim: true).AddInPlace(_epsilon).rsqrt_();
        var factor = _weight.to(ScalarType.Float32);
        if (_addsOne)
            factor = factor.Add(1);
        return precise.mul(inverse).mul(factor).to(input.dtype).MoveToOuterDisposeScope();
    }
}
