using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Decoders;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Weights;

namespace Tiebreak.Transformers.Families;

/// <summary>
/// ModernBERT (https://arxiv.org/abs/2412.13663): an encoder whose layers are those of decoders, with tokens that see both ways. Most
/// layers have a window, and turn by angles of their own.
/// </summary>
internal sealed class ModernBertFamily : DecoderFamily
{
    private const string Classifier = "classifier";

    // Heads, of classification and of pre-training.
    private static readonly string[] Heads = ["head.", "decoder.", $"{Classifier}."];

    /// <inheritdoc/>
    public override string ModelType => "modernbert";

    /// <inheritdoc/>
    public override bool IsEncoder => true;

    /// <inheritdoc/>
    protected override bool HasClassifierBias => true;

    /// <inheritdoc/>
    public override DecoderOptions Options(ModelConfig config)
    {
        // "local_attention" counts both sides; a token sees itself, and half of that on either side.
        var every = config.Count("global_attn_every_n_layers", 3);
        var windows = Windows(config, (config.Count("local_attention", 128) / 2) + 1, layer => layer % every != 0);
        var far = Rotary(config, "full_attention", "global_rope_theta", theta: 160_000);
        var near = Rotary(config, "sliding_attention", "local_rope_theta", theta: 10_000);
        return WithAttentionBias(config, Common(config, rotary: far, norm: NormOf(config))) with
        {
            IsCausal = false,
            Pooling = config.TextOrNull("classifier_pooling") switch
            {
                null or "cls" => TokenSelection.FirstToken,
                "mean" => TokenSelection.Mean,
                _ => throw config.NotComputed("classifier_pooling", "cls and mean"),
            },
            LayerRotary = [.. windows.Select(window => window is null ? far : near)],
            Windows = windows,
            Activation = config.ActivationOf("hidden_activation", Activation.Gelu),
            FeedForwardBias = config.Flag("mlp_bias", fallback: false),
            QueryKeyValueLayout = QueryKeyValueLayout.Stacked,
            SkipsFirstNorm = true,
            EmbeddingDropout = config.Dropout("embedding_dropout", 0),
            FeedForwardDropout = config.Dropout("mlp_dropout", 0),
            Names = new DecoderNames
            {
                Embedding = "embeddings.tok_embeddings",
                EmbeddingNorm = "embeddings.norm",
                FinalNorm = "final_norm",
                Classifier = Classifier,
                AttentionNorm = "attn_norm",
                FeedForwardNorm = "mlp_norm",
                QueryKeyValue = "attn.Wqkv",
                AttentionOutput = "attn.Wo",
                FeedForward = new FeedForwardNames { Up = "mlp.Wi", IsFused = true, Down = "mlp.Wo" },
            },
        };
    }

    /// <inheritdoc/>
    public override Head CreateClassifier(ModelConfig config, WeightSource weights)
    {
        var size = HiddenSize(config);
        return new ClassifierHead(
            weights.Linear("head.dense", size, size, config.Flag("classifier_bias", fallback: false)),
            config.ActivationOf("classifier_activation", Activation.Gelu),
            weights.Linear(Classifier, size, config.LabelCount, hasBias: true),
            Dropout.None,
            weights.Dropout(config.Dropout("classifier_dropout", 0)),
            NormOf(config).Create(weights, "head.norm", size));
    }

    /// <inheritdoc/>
    public override MaskedHead CreateMasked(ModelConfig config, WeightSource weights, Backbone backbone)
    {
        RequireTiedWords(config);
        var size = HiddenSize(config);
        return new MaskedHead(
            weights.Linear("head.dense", size, size, config.Flag("classifier_bias", fallback: false)),
            config.ActivationOf("classifier_activation", Activation.Gelu),
            NormOf(config).Create(weights, "head.norm", size),
            ((Decoder)backbone).Words,
            weights.Tensor("decoder.bias", config.Count("vocab_size")));
    }

    /// <inheritdoc/>
    public override Head CreateGenerator(ModelConfig config, WeightSource weights, Backbone backbone) => throw NoGenerator(config);

    /// <inheritdoc/>
    public override bool Ignores(string name) => Array.Exists(Heads, prefix => name.StartsWith(prefix, StringComparison.Ordinal));

    private static NormOptions NormOf(ModelConfig config) => new(
        config.Flag("norm_bias", fallback: false) ? NormKind.Layer : NormKind.LayerWithoutBias, config.Number("norm_eps", 1e-5));

    private static RotaryOptions Rotary(ModelConfig config, string layerType, string thetaKey, double theta) =>
        new RotaryConfiguration(config, HeadDimension(config)) { LayerType = layerType, ThetaKey = thetaKey, Theta = theta }.Read();
}
