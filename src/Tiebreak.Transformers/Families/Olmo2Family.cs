using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Decoders;

namespace Tiebreak.Transformers.Families;

/// <summary>
/// OLMo 2 (https://arxiv.org/abs/2501.00656): norms stand after attention and after the feed-forward part, not before, and all heads of
/// queries or keys are normalised together.
/// </summary>
internal sealed class Olmo2Family : DecoderFamily
{
    /// <inheritdoc/>
    public override string ModelType => "olmo2";

    /// <inheritdoc/>
    public override DecoderOptions Options(ModelConfig config) => WithAttentionBias(config, Common(config)) with
    {
        QueryKeyNorm = QueryKeyNorm.Projection,
        Names = new DecoderNames
        {
            AttentionNorm = null,
            AttentionOutputNorm = "post_attention_layernorm",
            FeedForwardNorm = null,
            FeedForwardOutputNorm = "post_feedforward_layernorm",
        },
    };
}
