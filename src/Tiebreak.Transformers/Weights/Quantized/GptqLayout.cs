using Tiebreak.Core;
using Tiebreak.Torch;
using Tiebreak.Torch.Quantization;
using Tiebreak.Transformers.Configuration;

namespace Tiebreak.Transformers.Weights.Quantized;

/// <summary>
/// AutoGPTQ's layout (https://github.com/AutoGPTQ/AutoGPTQ): <c>qweight</c>, <c>qzeros</c>, <c>scales</c>, <c>g_idx</c>. Its first format
/// stores zeros less one, the second (<c>gptq_v2</c>) as they are. GPTQModel may give modules sizes of their own, or leave them plain
/// (<c>dynamic</c>).
/// </summary>
internal sealed class GptqLayout : QuantizedLayout
{
    private const int WordBits = 32;

    private readonly int _bits;
    private readonly IReadOnlyList<int?> _groupSizes; // the usual one, then those of some modules
    private readonly int _zeroOffset;
    private readonly string _path;

    public GptqLayout(ModelConfig section)
    {
        _zeroOffset = section.TextOrNull("checkpoint_format") switch
        {
            null or "gptq" => 1,
            "gptq_v2" => 0,
            _ => throw section.NotComputed("checkpoint_format", "gptq and gptq_v2: others order the packed numbers differently"),
        };
        if (section.TextOrNull("pack_dtype") is not (null or "int32"))
            throw section.NotComputed("pack_dtype", "int32");
        if (section.Flag("is_marlin_format", false))
            throw section.NotComputed("is_marlin_format", "false: Marlin orders the packed numbers differently");
        _bits = section.Count("bits") is var bits && bits is 4 or 8 ? bits : throw section.NotComputed("bits", "4 and 8");
        var modules = section.Section("dynamic");
        _groupSizes =
        [
            GroupSizeOf(section),
            .. modules?.FieldNames.Select(name => modules.Section(name)).OfType<ModelConfig>()
                .Select(own => own.Has("group_size") ? GroupSizeOf(own) : GroupSizeOf(section)) ?? [],
        ];
        _path = section.Path;
    }

    /// <inheritdoc/>
    public override string Description => $"GPTQ with {_bits} bits, {(_groupSizes[0] is { } size ? $"group_size {size}" : "one group")}"
        + (_groupSizes.Count > 1 ? ", other sizes for some modules" : "");

    /// <inheritdoc/>
    public override bool Holds(WeightSource weights, string linear) => weights.Has($"{linear}.qweight");

    /// <inheritdoc/>
    public override QuantizedWeight Open(WeightSource weights, LinearShape linear)
    {
        var (name, inputs, outputs) = (linear.Name, linear.Inputs, linear.Outputs);
        var (bits, group) = SizesOf(weights, linear);
        var (size, perWord) = (group ?? inputs, WordBits / bits);
        if (inputs % perWord != 0 || outputs % perWord != 0)
        {
            throw new InputException(
                $"{_path}: \"bits\" is {bits}, but {name} has {inputs} inputs and {outputs} outputs; GPTQ needs multiples of {perWord}.");
        }

        var groups = (inputs + size - 1) / size;
        return new GroupedWeight(
            weights.Stored($"{name}.qweight", DType.Int32, inputs / perWord, outputs),
            weights.Stored($"{name}.qzeros", DType.Int32, groups, outputs / perWord),
            weights.Stored($"{name}.scales", null, groups, outputs),
            weights.Has($"{name}.g_idx") ? weights.Stored($"{name}.g_idx", DType.Int32, inputs) : null,
            NibbleOrder.Gptq, bits, size, _zeroOffset);
    }

    // Where modules have sizes of their own, their tensors tell which of the stated ones they have.
    private (int Bits, int? Group) SizesOf(WeightSource weights, LinearShape linear)
    {
        if (_groupSizes.Count == 1 || weights.RowsOf($"{linear.Name}.qweight") is not { } words
            || weights.RowsOf($"{linear.Name}.scales") is not { } groups)
        {
            return (_bits, _groupSizes[0]);
        }

        var bits = words * WordBits == 8L * linear.Inputs ? 8 : words * WordBits == 4L * linear.Inputs ? 4 : _bits;
        return (bits, _groupSizes.FirstOrDefault(
            size => groups == (size is null ? 1 : (linear.Inputs + size - 1) / size), defaultValue: _groupSizes[0]));
    }
}
