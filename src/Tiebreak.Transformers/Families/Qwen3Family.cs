using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Decoders;

namespace Tiebreak.Transformers.Families;

/// <summary>Qwen 3 (https://arxiv.org/abs/2505.09388): each head of queries and keys is normalised; biases only where stated.</summary>
internal sealed class Qwen3Family : DecoderFamily
{
    private static readonly ModelConfig Defaults = ModelConfig.Parse("""{"head_dim": 128}"""u8.ToArray(), "transformers");

    /// <inheritdoc/>
    public override string ModelType => "qwen3";

    /// <inheritdoc/>
    public override DecoderOptions Options(ModelConfig config) => Qwen3(config.WithDefaults(Defaults));

    /// <summary>What the models with experts share.</summary>
    internal static DecoderOptions Qwen3(ModelConfig config) => WithAttentionBias(config, Common(config)) with
    {
        QueryKeyNorm = QueryKeyNorm.Head,
        Windows = Qwen2Family.QwenWindows(config),
    };
}
