using System.Text.RegularExpressions;
using Tiebreak.Core;
using Tiebreak.Torch;
using Tiebreak.Torch.Quantization;
using Tiebreak.Transformers.Adapters;
using Tiebreak.Transformers.Configuration;

namespace Tiebreak.Transformers.Weights.Quantized;

/// <summary>
/// AutoGPTQ's layout (https://github.com/AutoGPTQ/AutoGPTQ): <c>qweight</c>, <c>qzeros</c>, <c>scales</c>, <c>g_idx</c>. Its first format
/// stores zeros less one, the second (<c>gptq_v2</c>) as they are. GPTQModel may give modules sizes of their own (<c>dynamic</c>): the
/// first pattern that a module's name begins with decides, and one that begins with <c>-:</c> leaves the module plain.
/// </summary>
internal sealed class GptqLayout : QuantizedLayout
{
    private const int WordBits = 32;

    private readonly Sizes _usual;
    private readonly IReadOnlyList<(Regex Pattern, Sizes Sizes)> _ofModules;
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
        _usual = new Sizes(BitsOf(section), GroupSizeOf(section));
        _ofModules = section.Section("dynamic") is { } modules ? [.. modules.FieldNames.Select(pattern => Read(modules, pattern))] : [];
        _path = section.Path;
    }

    /// <inheritdoc/>
    public override string Description => $"GPTQ with {_usual.Bits} bits, "
        + (_usual.Group is { } size ? $"group_size {size}" : "one group")
        + (_ofModules.Count > 0 ? ", other sizes for some modules" : "");

    /// <inheritdoc/>
    public override bool Holds(WeightSource weights, string linear) => weights.Has($"{linear}.qweight");

    /// <inheritdoc/>
    public override QuantizedWeight Open(WeightSource weights, LinearShape linear)
    {
        var (name, inputs, outputs) = (linear.Name, linear.Inputs, linear.Outputs);
        var (bits, group) = SizesOf(name);
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

    private static int BitsOf(ModelConfig section) =>
        section.Count("bits") is var bits && bits is 4 or 8 ? bits : throw section.NotComputed("bits", "4 and 8");

    private Sizes SizesOf(string module)
    {
        foreach (var (pattern, sizes) in _ofModules)
        {
            if (pattern.IsMatch(module))
                return sizes;
        }

        return _usual;
    }

    private (Regex Pattern, Sizes Sizes) Read(ModelConfig modules, string key)
    {
        var own = modules.Section(key);
        return (
            PeftPattern.Whole(modules, key, $"(?:{(key.StartsWith("+:", StringComparison.Ordinal) || IsPlain(key) ? key[2..] : key)}).*"),
            own is null || IsPlain(key) ? _usual : new Sizes(
                own.Has("bits") ? BitsOf(own) : _usual.Bits, own.Has("group_size") ? GroupSizeOf(own) : _usual.Group));
    }

    private static bool IsPlain(string key) => key.StartsWith("-:", StringComparison.Ordinal);

    /// <summary>Bits of a number, and inputs of a group; null: all of them.</summary>
    private readonly record struct Sizes(int Bits, int? Group);
}
