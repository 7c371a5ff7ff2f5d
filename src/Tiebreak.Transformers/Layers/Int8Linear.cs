using Tiebreak.Torch.Operators;
using Tiebreak.Torch.Quantization;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Layers;

/// <summary>
/// A linear layer in int8 (W8A8): weights with a scale an output, activations rounded as they come, with a scale a token
/// (https://arxiv.org/abs/2206.01861). The product is exact in int32; what is lost is lost in rounding.
/// </summary>
internal sealed class Int8Linear : Linear
{
    private readonly Int8Weight? _weight;
    private readonly Tensor? _transposed;
    private readonly Int8Panels? _panels;

    /// <summary>Rounds a layer's weight; one that is stored in int8 is used as it is.</summary>
    /// <param name="inner">The layer; it is taken over, and freed at once where nothing of it is needed any more.</param>
    public Int8Linear(Linear inner)
    {
        if (!Int8Panels.AreFastest && inner is QuantizedLinear { Quantized: Int8Weight stored })
        {
            _ = Own(inner);
            (_weight, Bias) = (stored, inner.Bias);
        }
        else
        {
            using (inner)
            {
                using var scope = NewDisposeScope();
                Bias = inner.Bias is { } bias ? Own(bias.clone().DetachFromDisposeScope()) : null;
                var weight = inner is QuantizedLinear { Quantized: Int8Weight rounded }
                    ? rounded
                    : Int8Weight.Quantize(inner.Weight(ScalarType.Float32));
                if (Int8Panels.AreFastest && weight.Values.device_type is TorchSharp.DeviceType.CPU)
                {
                    using (weight)
                        _panels = Own(new Int8Panels(weight, Bias));
                    return;
                }

                _weight = Own(weight);
            }
        }

        _transposed = Own(_weight.Values.t().DetachFromDisposeScope());
    }

    /// <inheritdoc/>
    public override Tensor? Bias { get; }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var rows = input.reshape(-1, input.shape[^1]);
        var output = _panels?.Multiply(rows.contiguous()) ?? Product(rows);
        return output.view([.. input.shape[..^1], output.shape[1]]).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor Weight(ScalarType type)
    {
        using var scope = NewDisposeScope();
        return (_panels?.Dequantize().to(type) ?? _weight!.Dequantize(type)).MoveToOuterDisposeScope();
    }

    private Tensor Product(Tensor rows)
    {
        // [rows, 1]
        var steps = rows.abs().amax([1], keepdim: true).to(ScalarType.Float32).div_(sbyte.MaxValue).clamp_min_(float.Epsilon);
        var rounded = rows.div(steps).round_().to(ScalarType.Int8);
        var output = TensorOperators.IntMatMul(rounded, _transposed!).to(ScalarType.Float32).mul_(steps).mul_(_weight!.Scales);
        if (Bias is not null)
            output.add_(Bias);
        return output.to(rows.dtype);
    }
}
