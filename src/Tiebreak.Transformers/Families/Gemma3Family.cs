using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Decoders;

namespace Tiebreak.Transformers.Families;

/// <summary>
/// Gemma 3 (https://arxiv.org/abs/2503.19786): Gemma 2 without soft caps of attention, with normalised queries and keys; five layers with a
/// window are followed by one without, and both kinds turn by angles of their own.
/// </summary>
internal sealed class Gemma3Family : DecoderFamily
{
    /// <summary>What transformers' class has for fields that a nested configuration leaves out.</summary>
    public const string Defaults = """
        {
          "vocab_size": 262208, "hidden_size": 2304, "intermediate_size": 9216, "num_hidden_layers": 26, "num_attention_heads": 8,
          "num_key_value_heads": 4, "head_dim": 256, "max_position_embeddings": 131072, "rms_norm_eps": 1e-6, "query_pre_attn_scalar": 256,
          "sliding_window": 4096
        }
        """;

    /// <inheritdoc/>
    public override string ModelType => "gemma3_text";

    /// <inheritdoc/>
    public override DecoderOptions Options(ModelConfig config)
    {
        if (config.Has("attn_logit_softcapping"))
            throw config.NotComputed("attn_logit_softcapping", $"{ModelType} models without it");

        var every = config.CountOrNull("sliding_window_pattern") ?? config.Count("_sliding_window_pattern", 6);
        var windows = Windows(config, config.Count("sliding_window"), layer => (layer + 1) % every != 0);
        var far = new RotaryConfiguration(config, HeadDimension(config)) { Theta = 1_000_000, LayerType = "full_attention" }.Read();
        var near = new RotaryConfiguration(config, HeadDimension(config))
        {
            ThetaKey = "rope_local_base_freq",
            LayerType = "sliding_attention",
            IsScaled = false,
        }.Read();
        return GemmaFamily.Gemma(config, far) with
        {
            LayerRotary = [.. windows.Select(window => window is null ? far : near)],
            QueryKeyNorm = QueryKeyNorm.Head,
            AttentionScale = 1 / Math.Sqrt(config.Number("query_pre_attn_scalar")),
            FinalSoftcap = config.NumberOrNull("final_logit_softcapping"),
            Windows = windows,
            Names = Gemma2Family.FourNorms,
        };
    }
}
