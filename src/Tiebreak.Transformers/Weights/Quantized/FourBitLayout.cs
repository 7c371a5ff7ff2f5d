using Tiebreak.Core;
using Tiebreak.Torch;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Torch.Quantization;
using Tiebreak.Transformers.Configuration;

namespace Tiebreak.Transformers.Weights.Quantized;

/// <summary>
/// bitsandbytes' four bits (https://github.com/bitsandbytes-foundation/bitsandbytes): <c>weight</c> in bytes, <c>absmax</c>,
/// <c>quant_map</c>, and a small JSON text in a tensor, which says the size of blocks and whether scales are quantised once more.
/// </summary>
internal sealed class FourBitLayout : QuantizedLayout
{
    private const string State = "weight.quant_state.bitsandbytes__";
    private const int MostStateBytes = 1 << 16;

    private readonly Checkpoint _checkpoint;
    private readonly string _type;

    public FourBitLayout(ModelConfig section, Checkpoint checkpoint)
    {
        if (!section.Flag("load_in_4bit", false))
            throw section.Unsupported("load_in_4bit", "true, where load_in_8bit is not");
        _type = section.TextOrNull("bnb_4bit_quant_type") ?? "fp4";
        if (_type is not ("nf4" or "fp4"))
            throw section.NotComputed("bnb_4bit_quant_type", "nf4 and fp4");
        if (section.TextOrNull("bnb_4bit_quant_storage") is not (null or "uint8"))
            throw section.NotComputed("bnb_4bit_quant_storage", "uint8");
        _checkpoint = checkpoint;
    }

    /// <inheritdoc/>
    public override string Description => $"bitsandbytes {_type}";

    /// <inheritdoc/>
    public override bool Holds(WeightSource weights, string linear) => weights.Has($"{linear}.{State}{_type}");

    /// <inheritdoc/>
    public override QuantizedWeight Open(WeightSource weights, LinearShape linear)
    {
        var name = $"{linear.Name}.weight";
        var state = ReadState($"{linear.Name}.{State}{_type}", linear);
        var count = (long)linear.Inputs * linear.Outputs;
        var blocks = (count + state.BlockSize - 1) / state.BlockSize;
        // read above; asked for, so that a plan notes it
        weights.Stored($"{linear.Name}.{State}{_type}", DType.UInt8, _checkpoint[$"{linear.Name}.{State}{_type}"].Count).Dispose();

        var bytes = weights.Stored(name, DType.UInt8, count / 2, 1);
        var table = weights.Stored($"{name}.quant_map", DType.Float32, 16);
        var scales = state.Nested is not { } nested
            ? new BlockScales(weights.Stored($"{name}.absmax", DType.Float32, blocks))
            : new BlockScales(
                weights.Stored($"{name}.absmax", DType.UInt8, blocks),
                weights.Stored($"{name}.nested_quant_map", DType.Float32, 256),
                weights.Stored($"{name}.nested_absmax", DType.Float32, (blocks + nested.BlockSize - 1) / nested.BlockSize),
                nested.BlockSize,
                nested.Offset);
        return new CodebookWeight(linear.Outputs, linear.Inputs, bytes, table, scales, state.BlockSize);
    }

    private BlockState ReadState(string name, LinearShape linear)
    {
        var entry = _checkpoint[name];
        if (entry.Type is not DType.UInt8 || entry.Count > MostStateBytes)
            throw new InputException($"{entry.Path}: {name} is no description of packed weights; it should be a short text.");

        using var view = _checkpoint.View(name);
        var config = ModelConfig.Parse(view.data<byte>().ToArray(), $"{entry.Path}, {name}");
        var shape = config.WholesOrNull("shape");
        if (shape is not [var outputs, var inputs] || outputs != linear.Outputs || inputs != linear.Inputs)
            throw config.Unsupported("shape", $"[{linear.Outputs}, {linear.Inputs}], as the model's configuration wants it");
        var size = config.Count("blocksize");
        if (size % 2 != 0 || (long)linear.Outputs * linear.Inputs % 2 != 0)
            throw config.Unsupported("blocksize", "even, in a weight with an even number of elements");
        return new BlockState(
            size,
            config.Has("nested_blocksize") ? new NestedState(config.Count("nested_blocksize"), config.Number("nested_offset")) : null);
    }

    private sealed record BlockState(int BlockSize, NestedState? Nested);

    private sealed record NestedState(int BlockSize, double Offset);
}
