using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Encoders;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Weights;

namespace Tiebreak.Transformers.Families;

/// <summary>
/// DistilBERT (https://arxiv.org/abs/1910.01108): BERT without token types, with names of its own for fields and tensors. Sinusoidal
/// positions are in its files as the numbers that they are.
/// </summary>
internal sealed class DistilBertFamily : EncoderFamily
{
    private const double UsualDropout = 0.1;

    /// <inheritdoc/>
    public override string ModelType => "distilbert";

    /// <inheritdoc/>
    public override EncoderOptions Options(ModelConfig config)
    {
        var (hidden, heads) = (config.CountUpTo("dim", MostHidden), config.CountUpTo("n_heads", MostHeads));
        if (hidden % heads != 0)
            throw config.Unsupported("n_heads", $"a divisor of dim, {hidden}");

        return new EncoderOptions
        {
            VocabularySize = config.Count("vocab_size"),
            HiddenSize = hidden,
            EmbeddingSize = hidden,
            IntermediateSize = config.Count("hidden_dim"),
            LayerCount = config.CountUpTo("n_layers", MostLayers),
            Heads = heads,
            PositionRows = config.Count("max_position_embeddings"),
            NormEpsilon = 1e-12,
            Activation = config.ActivationOf("activation", Activation.Gelu),
            HiddenDropout = config.Dropout("dropout", UsualDropout),
            AttentionDropout = config.Dropout("attention_dropout", UsualDropout),
            Names = new EncoderNames
            {
                Prefix = "distilbert.",
                Layers = "transformer.layer.",
                Query = "attention.q_lin",
                Key = "attention.k_lin",
                Value = "attention.v_lin",
                AttentionOutput = "attention.out_lin",
                AttentionNorm = "sa_layer_norm",
                Inner = "ffn.lin1",
                Output = "ffn.lin2",
                OutputNorm = "output_layer_norm",
            },
        };
    }

    /// <inheritdoc/>
    public override Head CreateClassifier(ModelConfig config, WeightSource weights) => TwoLayers(
        config, weights, "pre_classifier", Activation.Relu, "classifier", config.Dropout("seq_classif_dropout", 2 * UsualDropout));

    /// <inheritdoc/>
    protected override MaskedHeadLayout MaskedLayout(WeightSource weights) =>
        new("vocab_transform", "vocab_layer_norm", "vocab_projector.bias");

    /// <inheritdoc/>
    public override bool Ignores(string name) => base.Ignores(name)
        || name.StartsWith("vocab_", StringComparison.Ordinal) // the head of pre-training
        || name.StartsWith("pre_classifier.", StringComparison.Ordinal);
}
