using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Decoders;
using Tiebreak.Transformers.Layers;

namespace Tiebreak.Transformers.Families;

/// <summary>
/// GPT-NeoX (https://arxiv.org/abs/2204.06745) and Pythia: attention and the feed-forward part side by side or one after the other,
/// each after a layer norm of its own; biases everywhere, no gate, and a part of each head rotated.
/// </summary>
internal sealed class GptNeoXFamily : DecoderFamily
{
    /// <inheritdoc/>
    public override string ModelType => "gpt_neox";

    /// <inheritdoc/>
    public override DecoderOptions Options(ModelConfig config)
    {
        var rotary = new RotaryConfiguration(config, HeadDimension(config))
        {
            ThetaKey = config.Has("rotary_emb_base") ? "rotary_emb_base" : "rope_theta",
            PartKey = "rotary_pct",
            Part = 0.25,
        }.Read();
        var norm = new NormOptions(NormKind.Layer, config.Number("layer_norm_eps", 1e-5));
        var hiddenDropout = config.Dropout("hidden_dropout", 0);
        return WithAttentionBias(config, Common(config, rotary: rotary, norm: norm), fallback: true) with
        {
            FeedForwardBias = true,
            Activation = config.ActivationOf("hidden_act", Activation.Gelu),
            IsParallel = config.Flag("use_parallel_residual", fallback: true),
            QueryKeyValueLayout = QueryKeyValueLayout.Interleaved,
            EmbeddingDropout = hiddenDropout,
            ResidualDropout = hiddenDropout,
            Names = new DecoderNames
            {
                Prefixes = ["gpt_neox."],
                Embedding = "embed_in",
                FinalNorm = "final_layer_norm",
                LanguageHead = "embed_out",
                QueryKeyValue = "attention.query_key_value",
                AttentionOutput = "attention.dense",
                FeedForward = new FeedForwardNames { Up = "mlp.dense_h_to_4h", Down = "mlp.dense_4h_to_h" },
            },
        };
    }

    /// <inheritdoc/>
    public override bool Ignores(string name) => base.Ignores(name) || name is "embed_out.weight"
        || name.EndsWith(".attention.bias", StringComparison.Ordinal) // the mask, which old versions saved
        || name.EndsWith(".attention.masked_bias", StringComparison.Ordinal);
}
