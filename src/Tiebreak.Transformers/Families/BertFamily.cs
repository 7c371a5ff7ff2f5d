using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Encoders;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Weights;

namespace Tiebreak.Transformers.Families;

/// <summary>BERT (https://arxiv.org/abs/1810.04805).</summary>
internal sealed class BertFamily : EncoderFamily
{
    /// <inheritdoc/>
    public override string ModelType => "bert";

    /// <inheritdoc/>
    public override EncoderOptions Options(ModelConfig config) => Common(config, new EncoderNames { Prefix = "bert." });

    /// <inheritdoc/>
    public override Head CreateClassifier(ModelConfig config, WeightSource weights) =>
        TwoLayers(config, weights, "bert.pooler.dense", Activation.Tanh, "classifier", HeadDropout(config, ClassifierDropout));
}
