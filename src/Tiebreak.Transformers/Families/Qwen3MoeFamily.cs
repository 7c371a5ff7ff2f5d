using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Decoders;

namespace Tiebreak.Transformers.Families;

/// <summary>Qwen 3 with experts (https://arxiv.org/abs/2505.09388) in place of the feed-forward part of most layers.</summary>
internal sealed class Qwen3MoeFamily : DecoderFamily
{
    /// <inheritdoc/>
    public override string ModelType => "qwen3_moe";

    /// <inheritdoc/>
    public override DecoderOptions Options(ModelConfig config)
    {
        var (experts, perToken) = (config.CountUpTo("num_experts", MostLayers), config.Count("num_experts_per_tok"));
        if (perToken > experts)
            throw config.Unsupported("num_experts_per_tok", $"at most num_experts, {experts}");

        var options = Qwen3Family.Qwen3(config);
        var (every, plain) = (config.Count("decoder_sparse_step", 1), config.WholesOrNull("mlp_only_layers") ?? []);
        return options with
        {
            Experts = experts,
            ExpertsPerToken = perToken,
            ExpertSize = config.Count("moe_intermediate_size"),
            NormalisesExpertShares = config.Flag("norm_topk_prob", fallback: false),
            LayersWithoutExperts =
                [.. Enumerable.Range(0, options.LayerCount).Where(layer => plain.Contains(layer) || (layer + 1) % every != 0)],
            Names = new DecoderNames
            {
                Router = "mlp.gate",
                Experts = "mlp.experts.",
                Expert = new FeedForwardNames { Gate = "gate_proj", Up = "up_proj", Down = "down_proj" },
            },
        };
    }
}
