using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Encoders;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Weights;

namespace Tiebreak.Transformers.Families;

/// <summary>
/// RoBERTa (https://arxiv.org/abs/1907.11692) and XLM-RoBERTa (https://arxiv.org/abs/1911.02116): BERT whose positions begin after the
/// padding id, with a head of two layers.
/// </summary>
/// <param name="modelType"><c>roberta</c> or <c>xlm-roberta</c>; they differ in nothing else.</param>
internal sealed class RobertaFamily(string modelType) : EncoderFamily
{
    /// <inheritdoc/>
    public override string ModelType => modelType;

    /// <inheritdoc/>
    public override EncoderOptions Options(ModelConfig config)
    {
        var names = new EncoderNames { Prefix = "roberta." };
        var options = Common(config, names) with { FirstPosition = (config.WholeOrNull("pad_token_id") ?? 1) + 1 };
        return options.FirstPosition >= 1 && options.FirstPosition < options.PositionRows
            ? options
            : throw config.Unsupported("pad_token_id", $"from 0 to below max_position_embeddings - 1, {options.PositionRows - 1}");
    }

    /// <inheritdoc/>
    public override Head CreateClassifier(ModelConfig config, WeightSource weights)
    {
        var dropout = HeadDropout(config, ClassifierDropout);
        return TwoLayers(config, weights, "classifier.dense", Activation.Tanh, ClassifierOutput(config), dropout, inputDropout: dropout);
    }

    /// <inheritdoc/>
    protected override MaskedHeadLayout MaskedLayout(WeightSource weights) =>
        new("lm_head.dense", "lm_head.layer_norm", "lm_head.bias", Activation.Gelu);

    /// <inheritdoc/>
    protected override string ClassifierOutput(ModelConfig config) => "classifier.out_proj";
}
