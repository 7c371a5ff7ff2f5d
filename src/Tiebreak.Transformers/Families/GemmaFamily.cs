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
    /// What all generations share. <c>hidden_act</c> of early files says "gelu" and means the approximation; it is not looked at.
    /// </summary>
    /// <param name="config">The configuration.</param>
    /// <param name="rotary">The position embedding, where it is not read in the usual way.</param>
    internal static DecoderOptions Gemma(ModelConfig config, RotaryOptions? rotary = null)
    {
        _ = config.Count("head_dim");
        var norm = new NormOptions(NormKind.RmsAddsOne, config.Number("rms_norm_eps"));
        var options = WithAttentionBias(config, Common(config, tiesEmbedding: true, rotary: rotary, norm: norm));
        return options with
        {
            EmbeddingFactor = Math.Sqrt(options.HiddenSize),
            Activation = config.ActivationOf("hidden_activation", Activation.GeluTanh),
        };
    }
}
