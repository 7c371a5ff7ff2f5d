using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Decoders;

namespace Tiebreak.Transformers.Families;

/// <summary>
/// GLM-4 9B and its relatives (https://arxiv.org/abs/2406.12793): neighbouring elements of a part of each head are turned together, and
/// gate and up lie in one matrix.
/// </summary>
internal sealed class GlmFamily : DecoderFamily
{
    private static readonly ModelConfig Defaults = ModelConfig.Parse("""{"head_dim": 128}"""u8.ToArray(), "transformers");

    /// <inheritdoc/>
    public override string ModelType => "glm";

    /// <inheritdoc/>
    public override DecoderOptions Options(ModelConfig config) => Glm(config);

    /// <summary>What GLM-4 0414 shares.</summary>
    internal static DecoderOptions Glm(ModelConfig config)
    {
        var full = config.WithDefaults(Defaults);
        var rotary = new RotaryConfiguration(full, HeadDimension(full)) { Part = 0.5 }.Read() with { IsInterleaved = true };
        return Common(full, rotary: rotary) with
        {
            QueryKeyValueBias = config.Flag("attention_bias", fallback: false),
            Names = new DecoderNames
            {
                FeedForward = new FeedForwardNames { Up = "mlp.gate_up_proj", IsFused = true, Down = "mlp.down_proj" },
            },
        };
    }
}
