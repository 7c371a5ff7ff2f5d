using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Layers;

namespace Tiebreak.Transformers.Families;

/// <summary>
/// Reads rotary embeddings: <c>rope_theta</c> and <c>rope_scaling</c> (transformers 4), or <c>rope_parameters</c> (transformers 5).
/// </summary>
internal static class RotaryConfiguration
{
    public static RotaryOptions Read(ModelConfig config, int headDimension, double defaultTheta)
    {
        if (headDimension % 2 != 0)
            throw config.Unsupported("head_dim", "even");

        var section = config.Section("rope_parameters") ?? config.Section("rope_scaling");
        if ((section?.NumberOrNull("partial_rotary_factor") ?? config.NumberOrNull("partial_rotary_factor")) is { } part && part != 1)
            throw config.Unsupported("partial_rotary_factor", "1");

        var plain = new RotaryOptions
        {
            Dimension = headDimension,
            Theta = section?.NumberOrNull("rope_theta") ?? config.Number("rope_theta", defaultTheta),
        };
        if (!(plain.Theta > 1))
            throw config.Unsupported("rope_theta", "above 1");

        // "dynamic" changes frequencies beyond the model's positions only, and longer rows are refused.
        return (section?.TextOrNull("rope_type") ?? section?.TextOrNull("type") ?? "default") switch
        {
            "default" or "dynamic" => plain,
            "linear" => plain with { Scaling = RotaryScaling.Linear, Factor = Factor(section!) },
            "llama3" => Llama3(plain, section!),
            "longrope" or "su" => LongRope(plain, config, section!),
            _ => throw section!.Unsupported(
                section.Has("rope_type") ? "rope_type" : "type", "default, dynamic, linear, llama3, longrope or su"),
        };
    }

    private static double Factor(ModelConfig section) =>
        section.Number("factor") is >= 1 and var factor ? factor : throw section.Unsupported("factor", "1 or more");

    private static RotaryOptions Llama3(RotaryOptions plain, ModelConfig section)
    {
        var options = plain with
        {
            Scaling = RotaryScaling.Llama3,
            Factor = Factor(section),
            LowFrequencyFactor = section.Number("low_freq_factor"),
            HighFrequencyFactor = section.Number("high_freq_factor"),
            OriginalPositions = section.Count("original_max_position_embeddings"),
        };
        return options.HighFrequencyFactor > options.LowFrequencyFactor
            ? options
            : throw section.Unsupported("high_freq_factor", "above low_freq_factor");
    }

    private static RotaryOptions LongRope(RotaryOptions plain, ModelConfig config, ModelConfig section)
    {
        var original = section.CountOrNull("original_max_position_embeddings") ?? config.Count("original_max_position_embeddings");
        var stretch = config.Count("max_position_embeddings") / (double)original;
        return plain with
        {
            Scaling = RotaryScaling.LongRope,
            OriginalPositions = original,
            ShortFactors = section.Numbers("short_factor", plain.Dimension / 2),
            LongFactors = section.Numbers("long_factor", plain.Dimension / 2),
            AttentionFactor = section.NumberOrNull("attention_factor")
                ?? (stretch <= 1 ? 1 : Math.Sqrt(1 + (Math.Log(stretch) / Math.Log(original)))),
        };
    }
}
