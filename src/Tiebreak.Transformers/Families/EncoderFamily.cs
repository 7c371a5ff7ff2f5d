using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Encoders;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Weights;

namespace Tiebreak.Transformers.Families;

/// <summary>A family of encoders: how a configuration becomes <see cref="EncoderOptions"/>, and what its head is called.</summary>
internal abstract class EncoderFamily : ModelFamily
{
    // What checkpoints of pre-training carry beside the encoder, and counters that old versions saved.
    private static readonly string[] OtherTasks = ["cls.", "lm_head.", "lm_predictions.", "mask_predictions.", "pooler.", "classifier."];
    private static readonly string[] Leftovers = [".position_ids", ".pooler.dense.weight", ".pooler.dense.bias", "word_embeddings._weight"];

    // What transformers' configurations of encoders say where a file is silent.
    private const double UsualDropout = 0.1;
    private const string HiddenDropoutKey = "hidden_dropout_prob";

    /// <summary>The field of a classification head's dropout.</summary>
    protected const string ClassifierDropout = "classifier_dropout";

    /// <summary>Maps a configuration.</summary>
    /// <exception cref="Core.InputException">A field is missing or makes no sense.</exception>
    public abstract EncoderOptions Options(ModelConfig config);

    /// <inheritdoc/>
    public override Backbone CreateBackbone(ModelConfig config, WeightSource weights) => new Encoder(Options(config), weights);

    /// <inheritdoc/>
    public override MaskedHead CreateMasked(ModelConfig config, WeightSource weights, Backbone backbone)
    {
        RequireTiedWords(config);
        var (options, layout) = (Options(config), MaskedLayout(weights));
        return new MaskedHead(
            weights.Linear(layout.Dense, options.HiddenSize, options.EmbeddingSize, hasBias: true),
            layout.Activation ?? options.Activation,
            new LayerNorm(weights, layout.Norm, options.EmbeddingSize, options.NormEpsilon),
            ((Encoder)backbone).Words,
            weights.Tensor(layout.Bias, options.VocabularySize));
    }

    /// <inheritdoc/>
    public override bool Ignores(string name) =>
        Array.Exists(OtherTasks, prefix => name.StartsWith(prefix, StringComparison.Ordinal))
        || Array.Exists(Leftovers, suffix => name.EndsWith(suffix, StringComparison.Ordinal));

    /// <inheritdoc/>
    public override bool IsEncoder => true;

    /// <inheritdoc/>
    protected override int HiddenSize(ModelConfig config) => Options(config).HiddenSize;

    /// <inheritdoc/>
    protected override bool HasClassifierBias => true;

    /// <inheritdoc/>
    protected override string ClassifierOutput(ModelConfig config) => "classifier";

    /// <summary>The head that guesses masked tokens; BERT's, if nothing else is said.</summary>
    /// <param name="weights">Where weights come from: some families have several spellings.</param>
    protected virtual MaskedHeadLayout MaskedLayout(WeightSource weights) =>
        new("cls.predictions.transform.dense", "cls.predictions.transform.LayerNorm", "cls.predictions.bias");

    /// <summary>What nearly all configurations of encoders say.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="names">What tensors are called.</param>
    protected static EncoderOptions Common(ModelConfig config, EncoderNames names)
    {
        var (hidden, heads) = (config.CountUpTo("hidden_size", MostHidden), config.CountUpTo("num_attention_heads", MostHeads));
        if (hidden % heads != 0)
            throw config.Unsupported("num_attention_heads", $"a divisor of hidden_size, {hidden}");
        if (config.TextOrNull("position_embedding_type") is not (null or "absolute"))
            throw config.NotComputed("position_embedding_type", "absolute positions");
        if (config.Flag("is_decoder", fallback: false))
            throw config.NotComputed("is_decoder", $"{config.ModelType} models that are encoders");

        return new EncoderOptions
        {
            VocabularySize = config.Count("vocab_size"),
            HiddenSize = hidden,
            EmbeddingSize = config.Count("embedding_size", hidden),
            IntermediateSize = config.Count("intermediate_size"),
            LayerCount = config.CountUpTo("num_hidden_layers", MostLayers),
            Heads = heads,
            PositionRows = config.Count("max_position_embeddings"),
            TokenTypes = config.WholeOrNull("type_vocab_size") switch
            {
                null => 2,
                >= 0 and var rows => rows,
                _ => throw config.Unsupported("type_vocab_size", "0 or more"),
            },
            NormEpsilon = config.Number("layer_norm_eps", 1e-12),
            Activation = config.ActivationOf("hidden_act", Activation.Gelu),
            HiddenDropout = config.Dropout(HiddenDropoutKey, UsualDropout),
            AttentionDropout = config.Dropout("attention_probs_dropout_prob", UsualDropout),
            Names = names,
        };
    }

    /// <summary>The two layers of a classification head.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="weights">Where weights come from.</param>
    /// <param name="dense">The first layer's name.</param>
    /// <param name="activation">Between them.</param>
    /// <param name="output">The second layer's name.</param>
    /// <param name="dropout">In training: the share of the second layer's input that is dropped.</param>
    /// <param name="inputDropout">In training: the share of the first layer's input that is dropped.</param>
    protected Head TwoLayers(
        ModelConfig config,
        WeightSource weights,
        string dense,
        Activation activation,
        string output,
        double dropout,
        double inputDropout = 0)
    {
        var hidden = HiddenSize(config);
        return new ClassifierHead(
            weights.Linear(dense, hidden, hidden, hasBias: true),
            activation,
            weights.Linear(output, hidden, config.LabelCount, hasBias: true),
            weights.Dropout(inputDropout),
            weights.Dropout(dropout));
    }

    /// <summary>The dropout of a classification head, which is that of hidden states where the configuration is silent.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="key">The field: <c>classifier_dropout</c>.</param>
    protected static double HeadDropout(ModelConfig config, string key) =>
        config.Dropout(config.Has(key) ? key : HiddenDropoutKey, UsualDropout);
}
