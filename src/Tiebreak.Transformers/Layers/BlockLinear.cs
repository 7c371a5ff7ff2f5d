using Tiebreak.Torch.Kernels;
using Tiebreak.Torch.Quantization;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Layers;

/// <summary>
/// A linear layer of a model in bfloat16 that does not learn, with its weight, of bfloat16 or int8, laid out for <see cref="BlockKernel"/>.
/// </summary>
internal sealed class BlockLinear : Linear
{
    private readonly Func<Tensor> _plain;

    private BlockLinear(BlockWeight weight, Tensor? bias, Func<Tensor> plain)
    {
        (Laid, _plain) = (Own(weight), plain);
        Bias = bias is null ? null : Own(bias.clone().DetachFromDisposeScope());
    }

    /// <summary>The weight.</summary>
    public BlockWeight Laid { get; }

    /// <inheritdoc/>
    public override Tensor? Bias { get; }

    /// <summary>Lays out a layer whose weight is a plain matrix.</summary>
    /// <param name="inner">The layer; it is freed.</param>
    /// <returns>The layer itself where its weight cannot be laid out, or not here.</returns>
    public static Linear OfBFloat16(Linear inner)
    {
        using var scope = NewDisposeScope();
        var weight = inner.Weight(ScalarType.BFloat16);
        if (!BFloat16BlockWeight.IsSupported || !IsPossible(weight))
            return inner;
        using var replaced = inner;
        var laid = new BFloat16BlockWeight(weight.contiguous(), inner.Bias);
        return new BlockLinear(laid, inner.Bias, laid.Weight);
    }

    /// <summary>Rounds a layer's weight to int8 and lays it out; one that is stored in int8 is used as it is.</summary>
    /// <param name="inner">The layer; it is freed.</param>
    /// <returns>Null where its weight cannot be laid out, or not here; then the layer stays.</returns>
    public static BlockLinear? OfInt8(Linear inner)
    {
        using var scope = NewDisposeScope();
        var stored = (inner as QuantizedLinear)?.Quantized as Int8Weight;
        if (!Int8BlockWeight.IsSupported || !IsPossible(stored?.Values ?? inner.Weight(ScalarType.Float32)))
            return null;
        using var replaced = inner;
        using var rounded = stored is null ? Int8Weight.Quantize(inner.Weight(ScalarType.Float32)) : null;
        var laid = new Int8BlockWeight(stored ?? rounded!, inner.Bias);
        return new BlockLinear(laid, inner.Bias, laid.Dequantize);
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input)
    {
        if (is_grad_enabled() && input.requires_grad)
            throw new InvalidOperationException("A weight that is laid out for blocks has no gradients.");
        using var scope = NewDisposeScope();
        var rows = input.reshape(-1, input.shape[^1]).to(ScalarType.BFloat16).contiguous();
        var output = BlockKernel.Multiply(rows, Laid)[0].to(input.dtype);
        return output.view([.. input.shape[..^1], output.shape[1]]).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor Weight(ScalarType type)
    {
        using var scope = NewDisposeScope();
        return _plain().to(type).MoveToOuterDisposeScope();
    }

    private static bool IsPossible(Tensor weight) =>
        weight.device_type is TorchSharp.DeviceType.CPU && BlockWeight.Fits((int)weight.shape[1], (int)weight.shape[0]);
}
