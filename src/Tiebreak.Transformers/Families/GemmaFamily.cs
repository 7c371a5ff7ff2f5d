using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Decoders;
using Tiebreak.Transformers.Layers;

namespace Tiebreak.Transformers.Families;

/// <summary>Gemma (https://arxiv.org/abs/2403.08295): norms with 1 + w, scaled embeddings, GELU by tanh, a tied head.</summary>
internal sealed class GemmaFamily : DecoderFamily
{
    /// <inheritdoc/>
    public override string ModelType => "gemma";

    /// <inheritdoc/>
    public override DecoderOptions Options(ModelConfig config) => Gemma(config);

    /// <summary>
    /// What both generations share. <c>hidden_act</c> of early files says "gelu" and means the approximation; it is not looked at.
    /// </summary>
    internal static DecoderOptions Gemma(ModelConfig config)
    {
        _ = config.Count("head_dim");
        var hasAttentionBias = config.Flag("attention_bias", fallback: false);
        return Common(config, tiesEmbedding: true) with
        {
            NormAddsOne = true,
            ScalesEmbedding = true,
            Activation = config.ActivationOf("hidden_activation", Activation.GeluTanh),
            QueryKeyValueBias = hasAttentionBias,
            AttentionOutputBias = hasAttentionBias,
        };
    }
}
