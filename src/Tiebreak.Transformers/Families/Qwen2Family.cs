using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Decoders;

namespace Tiebreak.Transformers.Families;

/// <summary>
/// Qwen 2 and 2.5 (https://arxiv.org/abs/2407.10671): biases on queries, keys and values. A window counts only if <c>use_sliding_window</c>
/// says so.
/// </summary>
internal sealed class Qwen2Family : DecoderFamily
{
    /// <inheritdoc/>
    public override string ModelType => "qwen2";

    /// <inheritdoc/>
    public override DecoderOptions Options(ModelConfig config)
    {
        var window = config.Flag("use_sliding_window", fallback: false) ? config.CountOrNull("sliding_window") : null;
        var firstWithWindow = config.WholeOrNull("max_window_layers") ?? 0;
        return Common(config) with { QueryKeyValueBias = true, Windows = Windows(config, window, layer => layer >= firstWithWindow) };
    }
}
