using Tiebreak.Core;
using Tiebreak.Torch;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Weights.Quantized;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Weights;

/// <summary>
/// Weights out of a checkpoint's files. Those stored in the type that the model computes with stay in the mapped files; others are
/// converted.
/// </summary>
/// <param name="checkpoint">The files; they must stay open as long as the tensors live.</param>
/// <param name="type">What the model computes with.</param>
/// <param name="device">Where.</param>
/// <param name="quantization">How linear layers are quantised; null: they are plain.</param>
internal sealed class CheckpointWeights(
    Checkpoint checkpoint, DType type, Device device, QuantizedLayout? quantization = null) : WeightSource
{
    /// <inheritdoc/>
    public override Device Device => device;

    /// <inheritdoc/>
    public override DType Type => type;

    /// <inheritdoc/>
    public override bool Has(string name) => checkpoint.Contains(name);

    /// <inheritdoc/>
    public override long? RowsOf(string name) => checkpoint.RowsOf(name);

    /// <inheritdoc/>
    private protected override QuantizedLayout? Quantization => quantization;

    /// <inheritdoc/>
    internal override bool StoresInt8 => quantization is Int8Layout;

    /// <inheritdoc/>
    public override Tensor Tensor(string name, params ReadOnlySpan<long> shape)
    {
        CheckValues(name);
        using var scope = NewDisposeScope();
        return checkpoint.View(name).to(type.ToScalarType(), device).contiguous().DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor Table(string name, long rows, long width)
    {
        CheckValues(name);
        using var scope = NewDisposeScope();
        return checkpoint.View(name).to(device).contiguous().DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    internal override Tensor Stored(string name, DType? stored, params ReadOnlySpan<long> shape)
    {
        var entry = checkpoint[name];
        if (stored is { } wanted && entry.Type != wanted)
            throw new InputException($"{entry.Path}: {name} holds {entry.Type} where packed weights have {wanted}.");
        if (stored is null or DType.Float32)
            CheckValues(name);

        using var scope = NewDisposeScope();
        return checkpoint.View(name).to(device).contiguous().DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    internal override Linear LaidOutLinear(string name, int inputs, int outputs, bool hasBias)
    {
        var linear = Linear(name, inputs, outputs, hasBias);
        return type is DType.BFloat16 && linear is DenseLinear ? BlockLinear.OfBFloat16(linear) : linear;
    }

    private void CheckValues(string name)
    {
        var entry = checkpoint[name];
        if (!entry.Type.IsFloat)
        {
            throw new InputException($"{entry.Path}: {name} holds {entry.Type}, but weights are floating-point numbers, or packed in the "
                + "way that config.json describes.");
        }

        if (checkpoint.CountNonFinite(name) is > 0 and var count)
        {
            throw new InputException(
                $"{entry.Path}: {name} has {count} values that are NaN or infinite; the file is damaged, or its training went wrong.");
        }
    }
}
