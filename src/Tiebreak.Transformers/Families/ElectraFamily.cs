using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Encoders;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Weights;

namespace Tiebreak.Transformers.Families;

/// <summary>
/// ELECTRA (https://arxiv.org/abs/2003.10555): BERT whose embeddings may be smaller than its hidden states, with a head of two layers.
/// </summary>
internal sealed class ElectraFamily : EncoderFamily
{
    // Of pre-training: which tokens were exchanged, and what stood there.
    private static readonly string[] PreTraining = ["discriminator_predictions.", "generator_predictions.", "generator_lm_head."];

    /// <inheritdoc/>
    public override string ModelType => "electra";

    /// <inheritdoc/>
    public override EncoderOptions Options(ModelConfig config)
    {
        var names = new EncoderNames { Prefix = "electra.", EmbeddingProjection = "embeddings_project" };
        return Common(config, names) with
        {
            EmbeddingSize = config.Count("embedding_size", 128),
            ProjectsAfterNorm = true,
        };
    }

    /// <inheritdoc/>
    public override Head CreateClassifier(ModelConfig config, WeightSource weights)
    {
        var dropout = HeadDropout(config, ClassifierDropout);
        return TwoLayers(config, weights, "classifier.dense", Activation.Gelu, ClassifierOutput(config), dropout, inputDropout: dropout);
    }

    /// <inheritdoc/>
    public override bool Ignores(string name) =>
        base.Ignores(name) || Array.Exists(PreTraining, prefix => name.StartsWith(prefix, StringComparison.Ordinal));

    /// <inheritdoc/>
    protected override MaskedHeadLayout MaskedLayout(WeightSource weights) => new(
        "generator_predictions.dense", "generator_predictions.LayerNorm", "generator_lm_head.bias", Activation.Gelu);

    /// <inheritdoc/>
    protected override string ClassifierOutput(ModelConfig config) => "classifier.out_proj";
}
