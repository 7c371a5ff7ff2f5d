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
    // One of the three: kernels around libtorch's product, kernels of this program, operators.
    private readonly Int8Packed? _packed;
    private readonly Int8Panels? _panels;
    private readonly Int8Weight? _weight;
    private readonly Tensor? _transposed; // of the third
    private readonly Tensor? _bias; // likewise, in float32

    /// <summary>Rounds a layer's weight; one that is stored in int8 is used as it is.</summary>
    /// <param name="inner">The layer; it is taken over, and freed at once where nothing of it is needed any more.</param>
    public Int8Linear(Linear inner)
    {
        using var scope = NewDisposeScope();
        var stored = (inner as QuantizedLinear)?.Quantized as Int8Weight;
        var weight = stored ?? Int8Weight.Quantize(inner.Weight(ScalarType.Float32));
        var isLaidOut = (Int8Packed.AreFastest || Int8Panels.AreFastest) && weight.Values.device_type is TorchSharp.DeviceType.CPU;
        if (stored is not null && !isLaidOut)
        {
            _ = Own(inner);
            (_weight, Bias) = (stored, inner.Bias);
        }
        else
        {
            using var replaced = inner;
            Bias = inner.Bias is { } bias ? Own(bias.clone().DetachFromDisposeScope()) : null;
            if (isLaidOut)
            {
                if (Int8Packed.AreFastest)
                    _packed = Own(new Int8Packed(weight, Bias));
                else
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

    /// <summary>Rounds what layers read.</summary>
    /// <param name="input">[..., in].</param>
    public static Int8Rows Round(Tensor input)
    {
        using var scope = NewDisposeScope();
        return Int8Rows.Round(Rows(input));
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input)
    {
        if (_packed is not null)
        {
            using var shared = new LinearInput(input);
            return Forward(shared);
        }

        using var scope = NewDisposeScope();
        var output = _panels?.Multiply(Rows(input)) ?? WithOperators(input.reshape(-1, input.shape[^1]));
        return output.to(input.dtype).view([.. input.shape[..^1], output.shape[1]]).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor Forward(LinearInput input)
    {
        if (_packed is null)
            return Forward(input.Values);

        using var scope = NewDisposeScope();
        var type = input.Values.dtype is ScalarType.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32;
        var output = _packed.Multiply(input.Rounded, type).to(input.Values.dtype);
        return output.view([.. input.Values.shape[..^1], output.shape[1]]).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor Weight(ScalarType type)
    {
        using var scope = NewDisposeScope();
        return ((_packed?.Dequantize() ?? _panels?.Dequantize())?.to(type) ?? _weight!.Dequantize(type)).MoveToOuterDisposeScope();
    }

    /// <summary>As kernels read them: a matrix of float32 or bfloat16 without gaps.</summary>
    private static Tensor Rows(Tensor input)
    {
        var rows = input.reshape(-1, input.shape[^1]);
        return (rows.dtype is ScalarType.BFloat16 ? rows : rows.to(ScalarType.Float32)).contiguous();
    }

    private Tensor WithOperators(Tensor rows)
    {
        // [rows, 1]
        var steps = rows.abs().amax([1], keepdim: true).to(ScalarType.Float32).DivideInPlace(sbyte.MaxValue).ClampMinInPlace(float.Epsilon);
        var rounded = rows.div(steps).round_().to(ScalarType.Int8);
        var output = TensorOperators.IntMatMul(rounded, _transposed!).to(ScalarType.Float32).mul_(steps).mul_(_weight!.Scales);
        if (_bias is not null)
            output.AddInPlace(_bias);
        return output;
    }
}
