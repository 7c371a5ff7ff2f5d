using Tiebreak.Core;
using Tiebreak.Torch;
using Tiebreak.Torch.Quantization;
using Tiebreak.Transformers.Configuration;

namespace Tiebreak.Transformers.Weights.Quantized;

/// <summary>
/// AutoGPTQ's layout (https://github.com/AutoGPTQ/AutoGPTQ): <c>qweight</c>, <c>qzeros</c>, <c>scales</c>, <c>g_idx</c>. Its first format
/// stores zeros less one, the second (<c>gptq_v2</c>) as they are.
/// </summary>
internal sealed class GptqLayout : QuantizedLayout
{
    private const int WordBits = 32;

    private readonly int _bits;
    private readonly int? _groupSize;
    private readonly int _zeroOffset;
    private readonly string _path;

    public GptqLayout(ModelConfig section)
    {
        _bits = section.Count("bits");
        if (_bits is not (4 or 8))
            throw section.Unsupported("bits", "4 or 8");
        _zeroOffset = section.TextOrNull("checkpoint_format") switch
        {
            null or "gptq" => 1,
            "gptq_v2" => 0,
            _ => throw section.Unsupported("checkpoint_format", "gptq or gptq_v2: other formats order the packed numbers differently"),
        };
        (_groupSize, _path) = (GroupSizeOf(section), section.Path);
    }

    /// <inheritdoc/>
    public override string Description => $"GPTQ with {_bits} bits, {(_groupSize is { } size ? $"group_size {size}" : "one group")}";

    /// <inheritdoc/>
    public override bool Holds(WeightSource weights, string linear) => weights.Has($"{linear}.qweight");

    /// <inheritdoc/>
    public override QuantizedWeight Open(WeightSource weights, LinearShape linear)
    {
        var (name, inputs, outputs) = (linear.Name, linear.Inputs, linear.Outputs);
        var (size, perWord) = (_groupSize ?? inputs, WordBits / _bits);
        if (inputs % perWord != 0 || outputs % perWord != 0)
        {
            throw new InputException(
                $"{_path}: \"bits\" is {_bits}, but {name} has {inputs} inputs and {outputs} outputs; GPTQ needs multiples of {perWord}.");
        }

        var groups = (inputs + size - 1) / size;
        return new GroupedWeight(
            weights.Stored($"{name}.qweight", DType.Int32, inputs / perWord, outputs),
            weights.Stored($"{name}.qzeros", DType.Int32, groups, outputs / perWord),
            weights.Stored($"{name}.scales", null, groups, outputs),
            weights.Has($"{name}.g_idx") ? weights.Stored($"{name}.g_idx", DType.Int32, inputs) : null,
            NibbleOrder.Gptq, _bits, size, _zeroOffset);
    }
}
