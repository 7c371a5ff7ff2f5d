using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Decoders;

namespace Tiebreak.Transformers.Families;

/// <summary>GLM-4 0414: GLM with norms of what attention and the feed-forward part give.</summary>
internal sealed class Glm4Family : DecoderFamily
{
    /// <inheritdoc/>
    public override string ModelType => "glm4";

    /// <inheritdoc/>
    public override DecoderOptions Options(ModelConfig config)
    {
        var options = GlmFamily.Glm(config);
        return options with
        {
            Names = options.Names with
            {
                AttentionOutputNorm = "post_self_attn_layernorm",
                FeedForwardOutputNorm = "post_mlp_layernorm",
            },
        };
    }
}
