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
    private readonly Int8Panels? _panels; // instead of what follows
    private readonly Int8Weight? _weight;
    private readonly Tensor? _transposed;
    private readonly Tensor? _bias; // in float32

    /// <summary>Rounds a layer's weight; one that is stored in int8 is used as it is.</summary>
    /// <param name="inner">The layer; it is taken over, and freed at once where nothing of it is needed any more.</param>
    public Int8Linear(Linear inner)
    {
        using var scope = NewDisposeScope();
        var stored = (inner as QuantizedLinear)?.Quantized as Int8Weight;
        var weight = stored ?? Int8Weight.Quantize(inner.Weight(ScalarType.Float32));
        var isPacked = Int8Panels.AreFastest && weight.Values.device_type is TorchSharp.DeviceType.CPU;
        if (stored is not null && !isPacked)
        {
            _ = Own(inner);
            (_weight, Bias) = (stored, inner.Bias);
        }
        else
        {
            using var replaced = inner;
            Bias = inner.Bias is { } bias ? Own(bias.clone().DetachFromDisposeScope()) : null;
            if (isPacked)
            {
                _panels = Own(new Int8Panels(weight, Bias));
                weight.Dispose();
                return;
            }

            _weight = Own(weight);
        }

        _transposed = Own(_weight.Values.t().DetachFromDisposeScope());
        _bias = Bias is null ? null : Own(Bias.to(ScalarType.Float32, copy: true).DetachFromDisposeScope());
    }

    /// <inheritdoc/>
    public override Tensor? Bias { get; }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var rows = input.reshape(-1, input.shape[^1]);
        var output = _panels is not null || (Int8Rows.AreSupported && rows.device_type is TorchSharp.DeviceType.CPU)
            ? WithKernels(rows.dtype is ScalarType.BFloat16 ? rows : rows.to(ScalarType.Float32))
            : WithOperators(rows);
        return output.to(input.dtype).view([.. input.shape[..^1], output.shape[1]]).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor Weight(ScalarType type)
    {
        using var scope = NewDisposeScope();
        return (_panels?.Dequantize().to(type) ?? _weight!.Dequantize(type)).MoveToOuterDisposeScope();
    }

    private Tensor WithKernels(Tensor rows)
    {
        if (_panels is not null)
            return _panels.Multiply(rows.contiguous());

        using var rounded = Int8Rows.Round(rows.contiguous());
        return rounded.Scale(TensorOperators.IntMatMul(rounded.Values, _transposed!), _weight!.Scales, _bias, rows.dtype);
    }

    private Tensor WithOperators(Tensor rows)
    {
        // [rows, 1]
        var steps = rows.abs().amax([1], keepdim: true).to(ScalarType.Float32).div_(sbyte.MaxValue).clamp_min_(float.Epsilon);
        var rounded = rows.div(steps).round_().to(ScalarType.Int8);
        var output = TensorOperators.IntMatMul(rounded, _transposed!).to(ScalarType.Float32).mul_(steps).mul_(_weight!.Scales);
        if (_bias is not null)
            output.add_(_bias);
        return output;
    }
}
