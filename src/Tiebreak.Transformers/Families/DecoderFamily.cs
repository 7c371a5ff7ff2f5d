using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Decoders;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Weights;

namespace Tiebreak.Transformers.Families;

/// <summary>A family of decoders: all it says is how a configuration becomes <see cref="DecoderOptions"/>.</summary>
internal abstract class DecoderFamily : ModelFamily
{
    /// <summary>Maps a configuration.</summary>
    /// <exception cref="Core.InputException">A field is missing or makes no sense.</exception>
    public abstract DecoderOptions Options(ModelConfig config);

    /// <inheritdoc/>
    public override Backbone CreateBackbone(ModelConfig config, WeightSource weights) => new Decoder(Options(config), weights);

    /// <inheritdoc/>
    public override Head CreateClassifier(ModelConfig config, WeightSource weights)
    {
        var options = Options(config);
        return DecoderClassifier.Create(
            weights,
            options.Names.Classifier,
            options.HiddenSize,
            Outputs(config),
            gate: () => new GatedHead(weights, options.HiddenSize, config.Number("gating_temperature", 10), PromptEnd(config)));
    }

    /// <inheritdoc/>
    public override Head CreateGenerator(ModelConfig config, WeightSource weights, Backbone backbone)
    {
        var options = Options(config);
        return new GeneratorHead(HeadWords(options, weights, backbone), options.FinalSoftcap, options.LogitFactor);
    }

    /// <inheritdoc/>
    public override bool Ignores(string name)
    {
        var names = new DecoderNames();
        return name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal)
            || name.StartsWith($"{names.LanguageHead}.", StringComparison.Ordinal)
            || name.StartsWith($"{names.Classifier}.", StringComparison.Ordinal)
            || DecoderClassifier.Holds(name);
    }

    /// <inheritdoc/>
    public override bool IsEncoder => false;

    /// <inheritdoc/>
    protected override int HiddenSize(ModelConfig config) => Options(config).HiddenSize;

    /// <inheritdoc/>
    protected override bool HasClassifierBias => false;

    /// <inheritdoc/>
    protected override string ClassifierOutput(ModelConfig config) => Options(config).Names.Classifier;

    /// <summary>Outputs of the classification head.</summary>
    protected virtual int Outputs(ModelConfig config) => config.LabelCount;

    /// <summary>What nearly all configurations of decoders say, in the spellings of transformers 4 and 5.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="theta">The base of rotary frequencies where the configuration is silent.</param>
    /// <param name="tiesEmbedding">Whether the head is tied where the configuration is silent.</param>
    /// <param name="rotary">The position embedding, where it is not read in the usual way.</param>
    /// <param name="norm">Every norm; null: RMS norms with <c>rms_norm_eps</c>.</param>
    protected static DecoderOptions Common(
        ModelConfig config, double theta = 10_000, bool tiesEmbedding = false, RotaryOptions? rotary = null, NormOptions? norm = null)
    {
        // Read by code that is published beside weights (gte-Qwen2, EmbeddingGemma), or by newer versions of transformers.
        if (!config.Flag("is_causal", fallback: true))
            throw config.NotComputed("is_causal", "decoders whose tokens see those before them alone");
        if (config.Flag("use_bidirectional_attention", fallback: false))
            throw config.NotComputed("use_bidirectional_attention", "decoders whose tokens see those before them alone");

        var (hidden, heads) = (config.CountUpTo("hidden_size", MostHidden), config.CountUpTo("num_attention_heads", MostHeads));
        var keyValueHeads = config.Count("num_key_value_heads", heads);
        if (heads % keyValueHeads != 0)
            throw config.Unsupported("num_key_value_heads", $"a divisor of num_attention_heads, {heads}");

        var dimension = HeadDimension(config);
        return new DecoderOptions
        {
            VocabularySize = config.Count("vocab_size"),
            HiddenSize = hidden,
            IntermediateSize = config.Count("intermediate_size"),
            LayerCount = config.CountUpTo("num_hidden_layers", MostLayers),
            Heads = heads,
            KeyValueHeads = keyValueHeads,
            HeadDimension = dimension,
            MaxPositions = config.Count("max_position_embeddings"),
            Rotary = rotary ?? new RotaryConfiguration(config, dimension) { Theta = theta }.Read(),
            Norm = norm ?? new NormOptions(NormKind.Rms, config.Number("rms_norm_eps")),
            Activation = config.ActivationOf("hidden_act", Activation.Silu),
            AttentionDropout = config.Dropout("attention_dropout", 0),
            TiesEmbedding = config.Flag("tie_word_embeddings", tiesEmbedding),
        };
    }

    // As the code that is published beside such heads has them, by the kind of model: what Llama 3's and Gemma 2's chat templates write
    // between a prompt and its answer.
    private static int[] PromptEnd(ModelConfig config) => config.ModelType switch
    {
        "llama" => [128009, 128006, 78191, 128007, 271],
        "gemma2" => [107, 108, 106, 2516, 108],
        _ => throw config.NotComputed("model_type", "gating heads of Llama 3 and Gemma 2"),
    };

    /// <summary>Elements of a head: <c>head_dim</c>, or an equal share of the hidden size.</summary>
    protected static int HeadDimension(ModelConfig config)
    {
        if (config.Has("head_dim"))
            return config.CountUpTo("head_dim", MostHeads);
        var (hidden, heads) = (config.CountUpTo("hidden_size", MostHidden), config.CountUpTo("num_attention_heads", MostHeads));
        if (hidden % heads != 0)
            throw config.Unsupported("num_attention_heads", $"a divisor of hidden_size, {hidden}");
        return hidden / heads;
    }

    /// <summary>Biases of all of attention's projections, where <c>attention_bias</c> says so.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="options">What to add them to.</param>
    /// <param name="fallback">Whether there are biases where the configuration is silent.</param>
    protected static DecoderOptions WithAttentionBias(ModelConfig config, DecoderOptions options, bool fallback = false)
    {
        var hasBias = config.Flag("attention_bias", fallback);
        return options with { QueryKeyValueBias = hasBias, AttentionOutputBias = hasBias };
    }

    /// <summary>The window of families that have one only where <c>use_sliding_window</c> says so; null: none.</summary>
    protected static int? OptionalWindow(ModelConfig config)
    {
        var window = config.CountOrNull("sliding_window");
        return config.Flag("use_sliding_window", fallback: false) ? window : null;
    }

    /// <summary>A window for each layer: where <c>layer_types</c> (transformers 5) or, in its absence, the family's rule says so.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="window">Size of the window in tokens; null: there is none.</param>
    /// <param name="slides">The family's rule: does the layer of this number have a window.</param>
    protected static IReadOnlyList<int?> Windows(ModelConfig config, int? window, Func<int, bool> slides)
    {
        var layers = config.CountUpTo("num_hidden_layers", MostLayers);
        if (config.TextsOrNull("layer_types") is not { } types)
            return [.. Enumerable.Range(0, layers).Select(i => slides(i) ? window : null)];
        if (types.Count != layers)
            throw config.Unsupported("layer_types", $"a list of {layers}, one for each layer");
        if (types.Any(type => type is not ("sliding_attention" or "full_attention")))
            throw config.NotComputed("layer_types", "layers of sliding_attention and full_attention");

        return [.. types.Select(type => type is "sliding_attention" ? window : null)];
    }

    private static WordEmbedding HeadWords(DecoderOptions options, WeightSource weights, Backbone backbone)
    {
        if (options.TiesEmbedding)
            return ((Decoder)backbone).HeadWords();
        var name = $"{options.Names.LanguageHead}.weight";
        var prefix = weights.Prefix(options.Names.HeadPrefixes, name);
        return weights.Words(prefix + name, options.VocabularySize, options.HiddenSize, asStored: false);
    }
}
