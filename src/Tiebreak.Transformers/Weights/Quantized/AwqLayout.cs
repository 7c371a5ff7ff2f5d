using Tiebreak.Core;
using Tiebreak.Torch;
using Tiebreak.Torch.Quantization;
using Tiebreak.Transformers.Configuration;

namespace Tiebreak.Transformers.Weights.Quantized;

/// <summary>AutoAWQ's GEMM layout (https://github.com/casper-hansen/AutoAWQ): <c>qweight</c>, <c>qzeros</c>, <c>scales</c>.</summary>
internal sealed class AwqLayout : QuantizedLayout
{
    private const int Bits = 4;
    private const int PerWord = 8;

    private readonly int? _groupSize;
    private readonly string _path;

    public AwqLayout(ModelConfig section)
    {
        // AutoAWQ's own file calls both sizes otherwise than transformers does.
        var bits = section.Has("bits") ? "bits" : "w_bit";
        if (section.Count(bits, Bits) != Bits)
            throw section.NotComputed(bits, "4, the only size of AWQ");
        if (section.TextOrNull("version")?.ToUpperInvariant() is not (null or "GEMM"))
            throw section.NotComputed("version", "gemm: others order the packed numbers differently; convert the checkpoint with AutoAWQ");
        if (!section.Flag("zero_point", true))
            throw section.NotComputed("zero_point", "true");
        (_groupSize, _path) = (GroupSizeOf(section, section.Has("group_size") ? "group_size" : "q_group_size"), section.Path);
    }

    /// <inheritdoc/>
    public override string Description => $"AWQ with 4 bits, {(_groupSize is { } size ? $"group_size {size}" : "one group")}";

    /// <inheritdoc/>
    public override bool Holds(WeightSource weights, string linear) => weights.Has($"{linear}.qweight");

    /// <inheritdoc/>
    public override QuantizedWeight Open(WeightSource weights, LinearShape linear)
    {
        var (name, inputs, outputs) = (linear.Name, linear.Inputs, linear.Outputs);
        var size = _groupSize ?? inputs;
        if (inputs % size != 0 || outputs % PerWord != 0)
        {
            throw new InputException($"{_path}: \"group_size\" is {size}, but {name} has {inputs} inputs and {outputs} outputs; "
                + "AWQ needs whole groups and outputs in eights.");
        }

        return new GroupedWeight(
            weights.Stored($"{name}.qweight", DType.Int32, inputs, outputs / PerWord),
            weights.Stored($"{name}.qzeros", DType.Int32, inputs / size, outputs / PerWord),
            weights.Stored($"{name}.scales", null, inputs / size, outputs),
            groupOfInput: null, NibbleOrder.Awq, Bits, size, zeroOffset: 0);
    }
}
