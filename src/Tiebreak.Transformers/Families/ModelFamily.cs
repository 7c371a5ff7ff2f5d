using Tiebreak.Core;
using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Weights;

namespace Tiebreak.Transformers.Families;

/// <summary>
/// How one family's configuration and tensor names map to a backbone and its heads. Nothing else in the program knows a family.
/// </summary>
internal abstract class ModelFamily
{
    /// <summary>More layers, or experts of a layer, than any model has.</summary>
    protected const int MostLayers = 512;

    /// <summary>A larger hidden size than any model has.</summary>
    protected const int MostHidden = 1 << 20;

    /// <summary>More heads, or elements of a head, than any model has.</summary>
    protected const int MostHeads = 1 << 14;

    /// <summary>The <c>model_type</c> of its configurations.</summary>
    public abstract string ModelType { get; }

    /// <summary>Whether tokens see those after them, and templates are those of encoders.</summary>
    public abstract bool IsEncoder { get; }

    /// <summary>Creates the model without head.</summary>
    public abstract Backbone CreateBackbone(ModelConfig config, WeightSource weights);

    /// <summary>Creates the head of labels (or of one reward).</summary>
    public abstract Head CreateClassifier(ModelConfig config, WeightSource weights);

    /// <summary>
    /// Creates the head of a siamese model: one linear layer over the pooled states of both sides, with the name of the family's last
    /// classification layer. A pooler has no part in it.
    /// </summary>
    public ClassifierHead CreateSiamese(ModelConfig config, WeightSource weights)
    {
        var name = ClassifierOutput(config);
        return new ClassifierHead(weights.Linear(
            name, 2 * HiddenSize(config), config.LabelCount, HasClassifierBias || weights.Has($"{name}.bias")));
    }

    /// <summary>Creates the head of the next token.</summary>
    /// <exception cref="InputException">The family has none.</exception>
    public virtual Head CreateGenerator(ModelConfig config, WeightSource weights, Backbone backbone) => throw NoGenerator(config);

    /// <summary>Creates the head that guesses masked tokens, for pre-training.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="weights">Where weights come from.</param>
    /// <param name="backbone">The model under it, whose word embedding is the output matrix.</param>
    /// <exception cref="InputException">The family has none: its tokens do not see those after them.</exception>
    public virtual MaskedHead CreateMasked(ModelConfig config, WeightSource weights, Backbone backbone) => throw new InputException(
        $"{config.Path}: tokens of a {ModelType} model see only those before them, so that masked tokens cannot be guessed; the recipe's "
        + "section \"tuning.mlm\" is for encoders. Leave it out.");

    /// <summary>Refuses a head that guesses masked tokens by a matrix of its own.</summary>
    protected static void RequireTiedWords(ModelConfig config)
    {
        if (!config.Flag(TiedEmbedding.Key, fallback: true))
            throw config.NotComputed(TiedEmbedding.Key, "heads of masked tokens that are tied to the word embedding");
    }

    /// <summary>Tells tensors that have no part in what is computed: heads of other tasks, tables that are computed instead.</summary>
    /// <param name="name">A tensor's name in the checkpoint.</param>
    public abstract bool Ignores(string name);

    /// <summary>The sentence for encoders that are asked for the next token.</summary>
    protected InputException NoGenerator(ModelConfig config) =>
        new($"{config.Path}: a {ModelType} model does not generate text; use it with a classification head.");

    /// <summary>Size of a hidden state.</summary>
    protected abstract int HiddenSize(ModelConfig config);

    /// <summary>The name of the last layer of a classification head, as the family's own checkpoints spell it.</summary>
    public string ClassifierName(ModelConfig config) => ClassifierOutput(config);

    /// <summary>Whether the last layer of a classification head always has a bias.</summary>
    protected abstract bool HasClassifierBias { get; }

    /// <summary>The name of the last layer of a classification head.</summary>
    protected abstract string ClassifierOutput(ModelConfig config);
}
