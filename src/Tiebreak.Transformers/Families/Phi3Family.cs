using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Decoders;
using Tiebreak.Transformers.Layers;

namespace Tiebreak.Transformers.Families;

/// <summary>
/// Phi-3, 3.5 and 4 (https://arxiv.org/abs/2404.14219, https://arxiv.org/abs/2503.01743): Llama with fused projections, a window in every
/// layer, LongRoPE in the long-context models; Phi-4-mini rotates a part of each head.
/// </summary>
internal sealed class Phi3Family : DecoderFamily
{
    /// <inheritdoc/>
    public override string ModelType => "phi3";

    /// <inheritdoc/>
    public override DecoderOptions Options(ModelConfig config) => Common(config, rotary: Rotary(config)) with
    {
        QueryKeyValueLayout = QueryKeyValueLayout.Stacked,
        ResidualDropout = config.Dropout("resid_pdrop", 0),
        Windows = Windows(config, config.CountOrNull("sliding_window"), _ => true),
        Names = new DecoderNames
        {
            FeedForward = new FeedForwardNames { Up = "mlp.gate_up_proj", IsFused = true, Down = "mlp.down_proj" },
        },
    };

    private static RotaryOptions Rotary(ModelConfig config) => new RotaryConfiguration(config, HeadDimension(config)) { Part = 1 }.Read();
}
