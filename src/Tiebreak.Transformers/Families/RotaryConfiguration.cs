using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Layers;

namespace Tiebreak.Transformers.Families;

/// <summary>
/// Reads rotary embeddings: <c>rope_theta</c> and <c>rope_scaling</c> (transformers 4), or <c>rope_parameters</c> (transformers 5).
/// </summary>
/// <param name="config">The configuration.</param>
/// <param name="headDimension">Elements of a head.</param>
internal sealed class RotaryConfiguration(ModelConfig config, int headDimension)
{
    // What sections hold that is read here, or changes no number.
    private static readonly string[] Known =
    [
        "rope_type", "type", "rope_theta", "partial_rotary_factor", "factor", "original_max_position_embeddings", "attention_factor",
        "low_freq_factor", "high_freq_factor", "short_factor", "long_factor", "beta_fast", "beta_slow", "mscale", "mscale_all_dim",
        "truncate", "finetuned",
    ];

    /// <summary>The base of frequencies where the configuration is silent.</summary>
    public double Theta { get; init; } = 10_000;

    /// <summary>The field of the base in transformers 4.</summary>
    public string ThetaKey { get; init; } = "rope_theta";

    /// <summary>
    /// The share of a head that is rotated where the configuration is silent; null: the family rotates whole heads and knows no share.
    /// </summary>
    public double? Part { get; init; }

    /// <summary>The field of that share in transformers 4.</summary>
    public string PartKey { get; init; } = "partial_rotary_factor";

    /// <summary>
    /// Families whose layers turn by different angles: the kind of layer that is asked for, under which <c>rope_parameters</c> has a
    /// section. Null: all layers turn alike.
    /// </summary>
    public string? LayerType { get; init; }

    /// <summary>Whether <c>rope_scaling</c> of transformers 4 is meant for these layers.</summary>
    public bool IsScaled { get; init; } = true;

    /// <summary>Reads.</summary>
    /// <exception cref="Core.InputException">A field makes no sense, or Tiebreak does not compute it.</exception>
    public RotaryOptions Read()
    {
        if (headDimension % 2 != 0)
            throw config.Unsupported("head_dim", "even");

        var section = Section();
        if (section?.FieldNames.FirstOrDefault(name => section.Has(name) && !Known.Contains(name, StringComparer.Ordinal)) is { } unknown)
            throw section.NotComputed(unknown, "rotary embeddings without it");

        var plain = new RotaryOptions
        {
            Dimension = Dimension(section),
            Theta = section?.NumberOrNull("rope_theta") ?? config.NumberOrNull(ThetaKey) ?? Theta,
        };
        if (!(plain.Theta > 1))
            throw config.Unsupported(ThetaKey, "above 1");

        // "dynamic" changes frequencies beyond the model's positions only, and longer rows are refused.
        return (section?.TextOrNull("rope_type") ?? section?.TextOrNull("type") ?? "default") switch
        {
            "default" or "dynamic" => plain,
            "linear" => plain with { Scaling = RotaryScaling.Linear, Factor = Factor(section!) },
            "llama3" => Llama3(plain, section!),
            "yarn" => Yarn(plain, section!),
            "longrope" or "su" => LongRope(plain, section!),
            _ => throw section!.NotComputed(
                section.Has("rope_type") ? "rope_type" : "type", "default, dynamic, linear, llama3, yarn, longrope and su"),
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

    private ModelConfig? Section()
    {
        if (config.Section("rope_parameters") is not { } parameters)
            return IsScaled ? config.Section("rope_scaling") : null;
        return LayerType is null
            ? parameters
            : parameters.Section(LayerType) ?? throw parameters.Unsupported(LayerType, "an object");
    }

    private int Dimension(ModelConfig? section)
    {
        var key = config.Has(PartKey) ? PartKey : "partial_rotary_factor";
        var stated = section?.NumberOrNull("partial_rotary_factor") ?? config.NumberOrNull(key);
        if (Part is null && stated is not (null or 1))
            throw (config.Has(key) ? config : section!).NotComputed(key, $"{config.ModelType} models that rotate whole heads");

        // Rounded down, as transformers does.
        var dimension = (int)(headDimension * (stated ?? Part ?? 1));
        return dimension >= 2 && dimension <= headDimension && dimension % 2 == 0
            ? dimension
            : throw (config.Has(key) ? config : section ?? config).Unsupported(
                key, $"a share of head_dim, {headDimension}, that is an even number of elements");
    }

    /// <summary>
    /// transformers up to 4.52 took the quotient of positions for the factor, where the original positions are stated; later ones, and
    /// this, the factor that is stated.
    /// </summary>
    private RotaryOptions Yarn(RotaryOptions plain, ModelConfig section)
    {
        var factor = Factor(section);
        var (fast, slow) = (section.Number("beta_fast", 32), section.Number("beta_slow", 1));
        if (!(slow > 0 && fast >= slow))
            throw section.Unsupported("beta_fast", "beta_slow or more, and both above 0");
        return plain with
        {
            Scaling = RotaryScaling.Yarn,
            Factor = factor,
            FastRotations = fast,
            SlowRotations = slow,
            RoundsRamp = section.Flag("truncate", fallback: true),
            OriginalPositions = section.CountOrNull("original_max_position_embeddings") ?? config.Count("max_position_embeddings"),
            AttentionFactor = section.NumberOrNull("attention_factor") ?? YarnAttentionFactor(section, factor),
        };
    }

    // DeepSeek's spelling states two weights of the logarithm and divides one factor by the other.
    private static double YarnAttentionFactor(ModelConfig section, double factor)
    {
        var (weight, divisorWeight) = (section.Number("mscale", 0), section.Number("mscale_all_dim", 0));
        return weight != 0 && divisorWeight != 0 ? Grown(weight) / Grown(divisorWeight) : Grown(1);

        double Grown(double by) => (0.1 * by * Math.Log(factor)) + 1;
    }

    private RotaryOptions LongRope(RotaryOptions plain, ModelConfig section)
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
