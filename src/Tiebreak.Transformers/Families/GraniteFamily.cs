using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Decoders;

namespace Tiebreak.Transformers.Families;

/// <summary>
/// Granite 3: Llama with factors of the embedding, the residuals, the scores and the logits, from maximal update parametrisation
/// (https://arxiv.org/abs/2203.03466).
/// </summary>
internal sealed class GraniteFamily : DecoderFamily
{
    /// <inheritdoc/>
    public override string ModelType => "granite";

    /// <inheritdoc/>
    public override DecoderOptions Options(ModelConfig config) => WithAttentionBias(config, Common(config)) with
    {
        FeedForwardBias = config.Flag("mlp_bias", fallback: false),
        EmbeddingFactor = config.Number("embedding_multiplier", 1),
        ResidualFactor = config.Number("residual_multiplier", 1),
        AttentionScale = config.Number("attention_multiplier", 1),
        LogitFactor = config.Number("logits_scaling", 1) is not 0 and var divisor
            ? 1 / divisor
            : throw config.Unsupported("logits_scaling", "a number that is not 0"),
    };
}
