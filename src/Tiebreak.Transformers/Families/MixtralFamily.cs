using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Decoders;

namespace Tiebreak.Transformers.Families;

/// <summary>Mixtral (https://arxiv.org/abs/2401.04088): Mistral with experts in place of the feed-forward part.</summary>
internal sealed class MixtralFamily : DecoderFamily
{
    /// <inheritdoc/>
    public override string ModelType => "mixtral";

    /// <inheritdoc/>
    public override DecoderOptions Options(ModelConfig config)
    {
        var (experts, perToken) = (config.CountUpTo("num_local_experts", MostLayers), config.Count("num_experts_per_tok"));
        if (perToken > experts)
            throw config.Unsupported("num_experts_per_tok", $"at most num_local_experts, {experts}");

        var options = Common(config, theta: 1_000_000);
        return options with
        {
            Windows = Windows(config, config.CountOrNull("sliding_window"), _ => true),
            Experts = experts,
            ExpertsPerToken = perToken,
            ExpertSize = options.IntermediateSize,
        };
    }
}
