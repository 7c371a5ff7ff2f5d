using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Decoders;

namespace Tiebreak.Transformers.Families;

/// <summary>
/// Mistral 7B (https://arxiv.org/abs/2310.06825), NeMo, Danube 1 and 2: Llama with a window in every layer, where it is not null.
/// </summary>
internal sealed class MistralFamily : DecoderFamily
{
    /// <summary>What transformers' class has for fields that a nested configuration leaves out.</summary>
    public const string Defaults = """
        {
          "vocab_size": 32000, "hidden_size": 4096, "intermediate_size": 14336, "num_hidden_layers": 32, "num_attention_heads": 32,
          "num_key_value_heads": 8, "max_position_embeddings": 131072, "rms_norm_eps": 1e-6, "rope_theta": 10000, "sliding_window": 4096
        }
        """;

    /// <inheritdoc/>
    public override string ModelType => "mistral";

    /// <inheritdoc/>
    public override DecoderOptions Options(ModelConfig config) =>
        Common(config) with { Windows = Windows(config, config.CountOrNull("sliding_window"), _ => true) };
}
