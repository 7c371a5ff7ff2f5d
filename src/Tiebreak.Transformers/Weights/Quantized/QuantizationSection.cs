using Tiebreak.Core;
using Tiebreak.Transformers.Configuration;

namespace Tiebreak.Transformers.Weights.Quantized;

/// <summary>
/// Where a checkpoint says how it is quantised: in <c>config.json</c>, or in a file of its own beside it, where AutoGPTQ and AutoAWQ kept
/// it before transformers knew of them.
/// </summary>
/// <param name="Method">The method, as <c>quant_method</c> spells it.</param>
/// <param name="Settings">The settings.</param>
internal sealed record QuantizationSection(string Method, ModelConfig Settings)
{
    private static readonly (string File, string Method)[] OldFiles = [("quantize_config.json", "gptq"), ("quant_config.json", "awq")];

    /// <summary>Finds the settings of a folder; null where its weights are plain.</summary>
    /// <exception cref="InputException">They name no method.</exception>
    public static QuantizationSection? Find(string folder, ModelConfig config)
    {
        if ((config.Section("quantization_config") ?? config.Section("compression_config")) is { } section)
            return new QuantizationSection(MethodOf(section), section);
        foreach (var (name, method) in OldFiles)
        {
            var path = Path.Combine(folder, name);
            if (!File.Exists(path))
                continue;
            var settings = ModelConfig.ReadFile(path);
            return new QuantizationSection(settings.TextOrNull("quant_method") ?? method, settings);
        }

        return null;
    }

    // bitsandbytes' first configurations, and AWQ's, have no such field.
    private static string MethodOf(ModelConfig section) => section.TextOrNull("quant_method")
        ?? (section.Flag("load_in_4bit", false) || section.Flag("load_in_8bit", false) ? "bitsandbytes"
            : section.Has("w_bit") || section.Has("q_group_size") ? "awq"
            : section.Has("config_groups") ? "compressed-tensors"
            : section.Text("quant_method"));
}
