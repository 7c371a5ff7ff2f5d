using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Decoders;
using Tiebreak.Transformers.Layers;

namespace Tiebreak.Transformers.Families;

/// <summary>
/// Command R7B and Command A (https://arxiv.org/abs/2504.00698): attention and the feed-forward part side by side after one norm, layers
/// with a window that turn neighbouring elements together, layers without window or position embedding, and a factor of the logits.
/// </summary>
internal sealed class Cohere2Family : DecoderFamily
{
    /// <inheritdoc/>
    public override string ModelType => "cohere2";

    /// <inheritdoc/>
    public override DecoderOptions Options(ModelConfig config)
    {
        var rotary = new RotaryConfiguration(config, HeadDimension(config)).Read() with { IsInterleaved = true };
        var norm = new NormOptions(NormKind.LayerWithoutBias, config.Number("layer_norm_eps", 1e-5));
        var every = config.CountOrNull("sliding_window_pattern") ?? config.Count("_sliding_window_pattern", 4);
        var windows = Windows(config, config.Count("sliding_window", 4096), layer => (layer + 1) % every != 0);
        return WithAttentionBias(config, Common(config, tiesEmbedding: true, rotary: rotary, norm: norm)) with
        {
            LayerRotary = [.. windows.Select(window => window is null ? null : rotary)],
            Windows = windows,
            IsParallel = true,
            LogitFactor = config.Number("logit_scale", 0.0625),
            Names = new DecoderNames { FeedForwardNorm = null },
        };
    }
}
