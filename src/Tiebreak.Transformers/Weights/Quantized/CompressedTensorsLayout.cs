using Tiebreak.Core;
using Tiebreak.Torch;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Torch.Quantization;
using Tiebreak.Transformers.Adapters;
using Tiebreak.Transformers.Configuration;

namespace Tiebreak.Transformers.Weights.Quantized;

/// <summary>
/// The layouts of compressed-tensors (https://github.com/neuralmagic/compressed-tensors), which LLM Compressor writes: int4 and int8 packed
/// into words (<c>weight_packed</c>), int8 and fp8 a byte each, with scales an output, a group of inputs, or one for all. A file's tensors
/// say which of them a layer has; the configuration says how many bits and how large groups are.
/// </summary>
internal sealed class CompressedTensorsLayout : QuantizedLayout
{
    private static readonly string[] Formats =
        ["dense", "pack-quantized", "int-quantized", "float-quantized", "naive-quantized", "mixed-precision"];

    private readonly Checkpoint _checkpoint;
    private readonly IReadOnlyList<(Func<string, bool> IsFor, ModelConfig Weights)> _groups;

    public CompressedTensorsLayout(ModelConfig section, Checkpoint checkpoint)
    {
        _checkpoint = checkpoint;
        if (section.TextOrNull("format") is { } format && !Formats.Contains(format, StringComparer.Ordinal))
            throw section.NotComputed("format", string.Join(", ", Formats));
        if (section.Section("sparsity_config")?.TextOrNull("format") is not (null or "dense"))
            throw section.Section("sparsity_config")!.NotComputed("format", "dense");
        if (section.IsSet("transform_config"))
            throw section.NotComputed("transform_config", "weights without rotations");

        var groups = section.Section("config_groups") ?? throw section.Unsupported("config_groups", "an object of groups");
        ModelConfig[] all = [.. groups.FieldNames.Select(name => groups.Section(name)).OfType<ModelConfig>()];
        _groups = [.. all.Where(group => group.Has("weights")).Select(group => (TargetsOf(group), group.Section("weights")!))];
        Notes = Array.Exists(all, group => group.IsSet("input_activations")) ? [ActivationNote] : [];
    }

    /// <inheritdoc/>
    public override string Description => "compressed-tensors";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notes { get; }

    /// <inheritdoc/>
    public override bool Holds(WeightSource weights, string linear) => weights.Has($"{linear}.weight_scale");

    /// <inheritdoc/>
    public override QuantizedWeight Open(WeightSource weights, LinearShape linear)
    {
        var name = linear.Name;
        foreach (var part in new[] { "input_scale", "input_zero_point", "weight_shape" })
        {
            if (weights.Has($"{name}.{part}"))
                Forget(weights, $"{name}.{part}", _checkpoint); // activations are not rounded here; the model knows the shape
        }

        if (weights.Has($"{name}.weight_packed"))
            return Packed(weights, linear);

        var isFloat = _checkpoint[$"{name}.weight"].Type is DType.Float8E4M3;
        var zero = $"{name}.weight_zero_point";
        if (isFloat && weights.Has(zero))
            Forget(weights, zero, _checkpoint); // zeros
        var values = weights.Stored($"{name}.weight", isFloat ? DType.Float8E4M3 : DType.Int8, linear.Outputs, linear.Inputs);
        return Scaled(
            weights, name, values, isFloat, _checkpoint,
            !isFloat && weights.Has(zero) ? weights.Stored(zero, DType.Int8, linear.Outputs, 1) : null);
    }

    private QuantizedWeight Packed(WeightSource weights, LinearShape linear)
    {
        var (name, settings) = (linear.Name, SettingsOf(linear.Name));
        var bits = settings.Count("num_bits");
        if (bits is not (4 or 8))
            throw settings.NotComputed("num_bits", "4 and 8");
        if (settings.TextOrNull("type") is not (null or "int"))
            throw settings.NotComputed("type", "int, where numbers are packed");
        if (weights.Has($"{name}.weight_g_idx"))
            throw settings.NotComputed("actorder", "groups of consecutive inputs");

        var perWord = 32 / bits;
        var size = settings.Has("group_size") ? GroupSizeOf(settings) ?? linear.Inputs : linear.Inputs;
        var groups = (linear.Inputs + size - 1) / size;
        var zero = $"{name}.weight_zero_point";
        return ScaledWeight.OfWords(
            weights.Stored($"{name}.weight_packed", DType.Int32, linear.Outputs, (linear.Inputs + perWord - 1) / perWord),
            linear.Inputs,
            bits,
            weights.Stored($"{name}.weight_scale", null, linear.Outputs, groups),
            size,
            weights.Has(zero) ? weights.Stored(zero, DType.Int32, (linear.Outputs + perWord - 1) / perWord, groups) : null);
    }

    private ModelConfig SettingsOf(string linear)
    {
        foreach (var (isFor, settings) in _groups)
        {
            if (isFor(linear))
                return settings;
        }

        throw new InputException($"{_checkpoint.Path} holds {linear}.weight_packed, but no group of \"config_groups\" is for it.");
    }

    // The class of all linear layers, names of modules, or regular expressions behind "re:".
    private static Func<string, bool> TargetsOf(ModelConfig group)
    {
        Func<string, bool>[] targets = [.. (group.TextsOrNull("targets") ?? ["Linear"]).Select(target => target switch
        {
            "Linear" => (Func<string, bool>)(_ => true),
            _ when target.StartsWith("re:", StringComparison.Ordinal) =>
                PeftPattern.Whole(group, "targets", $"(?:{target["re:".Length..]}).*").IsMatch,
            _ => linear => PeftPattern.IsLastPart(linear, target),
        })];
        return linear => Array.Exists(targets, target => target(linear));
    }
}
