using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Decoders;

namespace Tiebreak.Transformers.Families;

/// <summary>
/// Mistral 7B (https://arxiv.org/abs/2310.06825), NeMo, Danube 1 and 2: Llama with a window in every layer, where it is not null.
/// </summary>
internal sealed class MistralFamily : DecoderFamily
{
    /// <inheritdoc/>
    public override string ModelType => "mistral";

    /// <inheritdoc/>
    public override DecoderOptions Options(ModelConfig config) =>
        Common(config) with { Windows = Windows(config, config.CountOrNull("sliding_window"), _ => true) };
}
