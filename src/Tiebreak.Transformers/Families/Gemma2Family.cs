using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Decoders;

namespace Tiebreak.Transformers.Families;

/// <summary>
/// Gemma 2 (https://arxiv.org/abs/2408.00118): Gemma with four norms a layer, soft caps, and a window in every second layer, the first
/// included.
/// </summary>
internal sealed class Gemma2Family : DecoderFamily
{
    /// <inheritdoc/>
    public override string ModelType => "gemma2";

    /// <inheritdoc/>
    public override DecoderOptions Options(ModelConfig config) => GemmaFamily.Gemma(config) with
    {
        AttentionScale = 1 / Math.Sqrt(config.Number("query_pre_attn_scalar")),
        AttentionSoftcap = config.NumberOrNull("attn_logit_softcapping"),
        FinalSoftcap = config.NumberOrNull("final_logit_softcapping"),
        Windows = Windows(config, config.Count("sliding_window"), layer => layer % 2 == 0),
        Names = FourNorms,
    };

    /// <summary>Names of the four norms of a layer, in Gemma 2 and 3.</summary>
    internal static DecoderNames FourNorms { get; } = new()
    {
        AttentionOutputNorm = "post_attention_layernorm",
        FeedForwardNorm = "pre_feedforward_layernorm",
        FeedForwardOutputNorm = "post_feedforward_layernorm",
    };
}
