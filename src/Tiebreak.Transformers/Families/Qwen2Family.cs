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
    public override DecoderOptions Options(ModelConfig config) =>
        Common(config) with { QueryKeyValueBias = true, Windows = QwenWindows(config) };

    /// <summary>Windows of Qwen 2 and 3: of layers from <c>max_window_layers</c> on, if there are any.</summary>
    internal static IReadOnlyList<int?> QwenWindows(ModelConfig config)
    {
        var first = config.WholeOrNull("max_window_layers") ?? 28;
        return Windows(config, OptionalWindow(config), layer => layer >= first);
    }
}
