using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Decoders;

namespace Tiebreak.Transformers.Families;

/// <summary>Llama 2, 3, 3.1 and 3.2, and what is published in their layout: Yi, TinyLlama, Danube 3.</summary>
internal sealed class LlamaFamily : DecoderFamily
{
    /// <inheritdoc/>
    public override string ModelType => "llama";

    /// <inheritdoc/>
    public override DecoderOptions Options(ModelConfig config) => WithAttentionBias(config, Common(config)) with
    {
        FeedForwardBias = config.Flag("mlp_bias", fallback: false),
    };
}
