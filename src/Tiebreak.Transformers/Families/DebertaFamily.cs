using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Encoders;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Weights;

namespace Tiebreak.Transformers.Families;

/// <summary>DeBERTa-v2 and v3 (https://arxiv.org/abs/2006.03654, https://arxiv.org/abs/2111.09543).</summary>
internal sealed class DebertaFamily : EncoderFamily
{
    /// <inheritdoc/>
    public override string ModelType => "deberta-v2";

    /// <inheritdoc/>
    public override EncoderOptions Options(ModelConfig config)
    {
        var names = new EncoderNames
        {
            Prefix = "deberta.",
            Query = "attention.self.query_proj",
            Key = "attention.self.key_proj",
            Value = "attention.self.value_proj",
        };
        var options = Common(config, names);
        if (config.CountOrNull("attention_head_size") is { } size && size * options.Heads != options.HiddenSize)
            throw config.NotComputed("attention_head_size", "heads that divide hidden_size among them");
        return options with
        {
            NormEpsilon = config.Number("layer_norm_eps", 1e-7),
            TokenTypes = config.Has("type_vocab_size") ? options.TokenTypes : 0,
            PositionRows = config.Flag("position_biased_input", fallback: true) ? options.PositionRows : 0,
            Relative = config.Flag("relative_attention", fallback: false) ? Relative(config, options.PositionRows) : null,
            Convolution = config.WholeOrNull("conv_kernel_size") is > 0 and var kernel ? Convolution(config, kernel) : null,
        };
    }

    /// <inheritdoc/>
    public override Head CreateClassifier(ModelConfig config, WeightSource weights)
    {
        if (config.CountOrNull("pooler_hidden_size") is { } size && size != config.Count("hidden_size"))
            throw config.NotComputed("pooler_hidden_size", "poolers of hidden_size");

        var activation = config.ActivationOf("pooler_hidden_act", Activation.Gelu);
        var (dropout, inputDropout) = (HeadDropout(config, "cls_dropout"), config.Dropout("pooler_dropout", 0));
        return TwoLayers(config, weights, "pooler.dense", activation, "classifier", dropout, inputDropout);
    }

    // The published files spell it in their own way; transformers' class saves BERT's names.
    /// <inheritdoc/>
    protected override MaskedHeadLayout MaskedLayout(WeightSource weights)
    {
        const string published = "lm_predictions.lm_head.";
        return weights.Has($"{published}dense.weight")
            ? new MaskedHeadLayout($"{published}dense", $"{published}LayerNorm", $"{published}bias")
            : base.MaskedLayout(weights);
    }

    private static RelativeOptions Relative(ModelConfig config, int positions)
    {
        var terms = Terms(config);
        if (terms.Except(["c2p", "p2c"], StringComparer.Ordinal).Any())
            throw config.NotComputed("pos_att_type", "c2p and p2c");

        return new RelativeOptions
        {
            Buckets = config.WholeOrNull("position_buckets") is > 0 and var buckets ? buckets : 0,
            MaxDistance = config.WholeOrNull("max_relative_positions") is > 0 and var distance ? distance : positions,
            ContentToPosition = terms.Contains("c2p", StringComparer.Ordinal),
            PositionToContent = terms.Contains("p2c", StringComparer.Ordinal),
            SharesProjections = config.Flag("share_att_key", fallback: false),
            NormalisesEmbeddings = (config.TextOrNull("norm_rel_ebd") ?? "none").Contains("layer_norm", StringComparison.Ordinal),
        };
    }

    // Published files have "p2c|c2p"; transformers saves a list.
    private static IReadOnlyList<string> Terms(ModelConfig config) => config.IsText("pos_att_type")
        ? config.Text("pos_att_type").Split('|', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        : config.TextsOrNull("pos_att_type") ?? [];

    private static ConvolutionOptions Convolution(ModelConfig config, int kernelSize)
    {
        var (hidden, groups) = (config.Count("hidden_size"), config.Count("conv_groups", 1));
        if (kernelSize % 2 == 0)
            throw config.NotComputed("conv_kernel_size", "odd sizes");
        if (hidden % groups != 0)
            throw config.Unsupported("conv_groups", $"a divisor of hidden_size, {hidden}");

        return new ConvolutionOptions
        {
            KernelSize = kernelSize,
            Groups = groups,
            Activation = config.ActivationOf("conv_act", Activation.Tanh),
        };
    }
}
