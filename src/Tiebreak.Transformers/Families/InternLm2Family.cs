using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Decoders;

namespace Tiebreak.Transformers.Families;

/// <summary>
/// InternLM2 (https://arxiv.org/abs/2403.17297) and its reward models: Llama with names of its own and interleaved projections.
/// </summary>
internal sealed class InternLm2Family : DecoderFamily
{
    /// <inheritdoc/>
    public override string ModelType => "internlm2";

    /// <inheritdoc/>
    public override DecoderOptions Options(ModelConfig config)
    {
        var hasBias = config.Flag("bias", fallback: false);
        return Common(config) with
        {
            QueryKeyValueBias = hasBias,
            AttentionOutputBias = hasBias,
            QueryKeyValueLayout = QueryKeyValueLayout.Interleaved,
            Names = new DecoderNames
            {
                Embedding = "tok_embeddings",
                LanguageHead = "output",
                Classifier = IsReward(config) ? "v_head" : "score",
                AttentionNorm = "attention_norm",
                FeedForwardNorm = "ffn_norm",
                QueryKeyValue = "attention.wqkv",
                AttentionOutput = "attention.wo",
                FeedForward = new FeedForwardNames { Gate = "feed_forward.w1", Up = "feed_forward.w3", Down = "feed_forward.w2" },
            },
        };
    }

    /// <inheritdoc/>
    public override bool Ignores(string name) => base.Ignores(name) || name is "output.weight" or "v_head.weight";

    /// <inheritdoc/>
    protected override int Outputs(ModelConfig config) => IsReward(config) ? 1 : config.LabelCount;

    private static bool IsReward(ModelConfig config) =>
        config.Architectures.Any(name => name.EndsWith("ForRewardModel", StringComparison.Ordinal));
}
