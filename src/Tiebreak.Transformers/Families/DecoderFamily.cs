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
        return DecoderClassifier.Create(weights, options.Names.Classifier, options.HiddenSize, Outputs(config));
    }

    /// <inheritdoc/>
    public override Head CreateGenerator(ModelConfig config, WeightSource weights, Backbone backbone)
    {
        var options = Options(config);
        var weight = options.TiesEmbedding
            ? ((Decoder)backbone).HeadWeight()
            : weights.Tensor($"{options.Names.LanguageHead}.weight", options.VocabularySize, options.HiddenSize);
        return new GeneratorHead(weight, options.FinalSoftcap);
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
    protected override bool HasClassifierBias => false;

    /// <inheritdoc/>
    protected override string ClassifierOutput(ModelConfig config) => Options(config).Names.Classifier;

    /// <summary>Outputs of the classification head.</summary>
    protected virtual int Outputs(ModelConfig config) => config.LabelCount;

    /// <summary>What nearly all configurations of decoders say, in the spellings of transformers 4 and 5.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="theta">The base of rotary frequencies where the configuration is silent.</param>
    /// <param name="tiesEmbedding">Whether the head is tied where the configuration is silent.</param>
    protected static DecoderOptions Common(ModelConfig config, double theta = 10_000, bool tiesEmbedding = false)
    {
        var (hidden, heads, layers) = (
            config.CountUpTo("hidden_size", MostHidden),
            config.CountUpTo("num_attention_heads", MostHeads),
            config.CountUpTo("num_hidden_layers", MostLayers));
        if (config.CountOrNull("head_dim") is null && hidden % heads != 0)
            throw config.Unsupported("num_attention_heads", $"a divisor of hidden_size, {hidden}");
        var keyValueHeads = config.Count("num_key_value_heads", heads);
        if (heads % keyValueHeads != 0)
            throw config.Unsupported("num_key_value_heads", $"a divisor of num_attention_heads, {heads}");

        var dimension = config.Has("head_dim") ? config.CountUpTo("head_dim", MostHeads) : hidden / heads;
        return new DecoderOptions
        {
            VocabularySize = config.Count("vocab_size"),
            HiddenSize = hidden,
            IntermediateSize = config.Count("intermediate_size"),
            LayerCount = layers,
            Heads = heads,
            KeyValueHeads = keyValueHeads,
            HeadDimension = dimension,
            MaxPositions = config.Count("max_position_embeddings"),
            Rotary = RotaryConfiguration.Read(config, dimension, theta),
            NormEpsilon = config.Number("rms_norm_eps"),
            Activation = config.ActivationOf("hidden_act", Activation.Silu),
            AttentionDropout = config.Dropout("attention_dropout", 0),
            TiesEmbedding = config.Flag("tie_word_embeddings", tiesEmbedding),
        };
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
        if (types.Count != layers || types.Any(type => type is not ("sliding_attention" or "full_attention")))
            throw config.Unsupported("layer_types", $"a list of {layers}, each sliding_attention or full_attention");

        return [.. types.Select(type => type is "sliding_attention" ? window : null)];
    }
}
