using Tiebreak.Torch.Operators;
using Tiebreak.Transformers.Layers;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Adapters;

/// <summary>A linear layer whose bias an adapter replaces (PEFT's <c>bias: all</c> and <c>lora_only</c>).</summary>
internal sealed class RebiasedLinear : Linear
{
    private readonly Linear _inner;

    /// <summary>Takes both over.</summary>
    /// <param name="inner">The layer.</param>
    /// <param name="bias">[out].</param>
    public RebiasedLinear(Linear inner, Tensor bias) => (_inner, Bias) = (Own(inner), Own(bias));

    /// <inheritdoc/>
    public override Tensor Bias { get; }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var output = _inner.Forward(input);
        if (_inner.Bias is { } old)
            output = output.sub(old);
        return output.Add(Bias).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor Weight(ScalarType type) => _inner.Weight(type);
}
