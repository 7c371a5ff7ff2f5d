using Tiebreak.Core;
using Tiebreak.Torch;
using Tiebreak.Transformers.Judges;
using Tiebreak.Transformers.Training;
using Tiebreak.Transformers.Tuning.Noise;

namespace Tiebreak.Transformers.Tuning;

/// <summary>The section <c>tuning</c> of a recipe that has been checked: names have become what they stand for.</summary>
internal sealed record TuningRecipe
{
    private static readonly Dictionary<string, TuningMethod?> Methods = new(StringComparer.Ordinal)
    {
        ["none"] = null,
        ["full"] = TuningMethod.Full,
        ["lora"] = TuningMethod.Lora,
    };

    private static readonly Dictionary<string, ShownOrders> OrdersByName = new(StringComparer.Ordinal)
    {
        ["as_given"] = ShownOrders.AsGiven,
        ["coin"] = ShownOrders.Coin,
        ["rows"] = ShownOrders.Rows,
        ["together"] = ShownOrders.Together,
    };

    private static readonly Dictionary<string, ScheduleKind> Schedules = new(StringComparer.Ordinal)
    {
        ["cosine"] = ScheduleKind.Cosine,
        ["linear"] = ScheduleKind.Linear,
        ["constant"] = ScheduleKind.Constant,
    };

    private static readonly Dictionary<string, bool> Keeps = new(StringComparer.Ordinal) { ["last"] = false, ["best"] = true };

    private static readonly Dictionary<string, bool> Finals = new(StringComparer.Ordinal) { ["fit"] = false, ["average"] = true };

    private static readonly Dictionary<string, AdversarialKind?> AdversarialKinds = new(StringComparer.Ordinal)
    {
        ["none"] = null,
        ["fgm"] = AdversarialKind.Embeddings,
        ["awp"] = AdversarialKind.Weights,
    };

    private static readonly Dictionary<string, bool> TargetsByName = new(StringComparer.Ordinal)
    {
        ["label"] = false,
        ["annotators"] = true,
    };

    public required TuningOptions Options { get; init; }

    public required TuningMethod Method { get; init; }

    public required ShownOrders Orders { get; init; }

    public required ScheduleKind Schedule { get; init; }

    public required bool KeepsBest { get; init; }

    public required bool LearnsFromAnnotators { get; init; }

    public required bool AveragesFolds { get; init; }

    public required AdversarialKind? Adversarial { get; init; }

    /// <summary>Checks the section; null where no weight is to learn.</summary>
    /// <exception cref="InputException">An impossible value.</exception>
    public static TuningRecipe? Read(TransformerJudgeOptions judge)
    {
        var options = judge.Tuning;
        if (RecipeKey.OneOf(Methods, options.Method, "tuning.method") is not { } method)
            return null;

        if (method is TuningMethod.Full && judge.Adapter is not null)
        {
            throw new InputException(
                "The recipe names an adapter, which is tuned by the method lora; set tuning.method to lora, or merge the adapter first.");
        }

        var averagesFolds = RecipeKey.OneOf(Finals, options.Final, "tuning.final");
        var keepsBest = RecipeKey.OneOf(Keeps, options.Keep, "tuning.keep");
        if (averagesFolds && keepsBest)
        {
            throw new InputException(
                "The recipe's keys \"tuning.final\" average and \"tuning.keep\" best do not go together: of each fold the last weights are "
                + "averaged. Set tuning.keep to last.");
        }

        RequireNumbers(options);
        RequireTokens(judge);
        RequireMlm(judge);
        RequireLora(options.Lora);
        RequireDistillation(options.Distillation);
        return new TuningRecipe
        {
            Options = options,
            Method = method,
            Orders = RecipeKey.OneOf(OrdersByName, options.Orders, "tuning.orders"),
            Schedule = RecipeKey.OneOf(Schedules, options.Schedule, "tuning.schedule"),
            KeepsBest = keepsBest,
            AveragesFolds = averagesFolds,
            Adversarial = RecipeKey.OneOf(AdversarialKinds, options.Adversarial.Kind, "tuning.adversarial.kind"),
            LearnsFromAnnotators = RecipeKey.OneOf(TargetsByName, options.Targets, "tuning.targets"),
        };
    }

    /// <summary>The steps of the training on masked tokens, which shows each battle in one order by chance.</summary>
    /// <param name="rows">The battles.</param>
    /// <param name="seed">The order follows from it.</param>
    public BatchSchedule MaskedSchedule(IReadOnlyList<int> rows, ulong seed)
    {
        var options = Options with { Epochs = Options.Mlm.Epochs, BatchSize = Options.Mlm.BatchSize, OtherEpochs = null };
        return new BatchSchedule(rows, [], this with { Options = options, Orders = ShownOrders.Coin }, seed);
    }

    private static void RequireNumbers(TuningOptions options)
    {
        RecipeKey.Require(options.Layers is not [], "tuning.layers", "null, or one layer and more");
        RecipeKey.Require(options.Epochs is > 0 and <= 1000, "tuning.epochs", "above 0, at most 1000");
        RecipeKey.Require(options.OtherEpochs is null or >= 0 and <= 1000, "tuning.other_epochs", "0 to 1000");
        RecipeKey.Require(options.OtherWeight is > 0 and <= 1000, "tuning.other_weight", "above 0, at most 1000");
        RecipeKey.Require(
            options.SourceWeights?.Values.All(weight => weight is > 0 and <= 1000) is not false, "tuning.source_weights",
            "for each source a number above 0, at most 1000");
        RecipeKey.Require(options.PromptPower is >= 0 and <= 1, "tuning.prompt_power", "0 to 1");
        RecipeKey.Require(options.BatchSize is >= 1 and <= 1 << 16, "tuning.batch_size", "1 to 65536");
        RecipeKey.Require(options.BatchTokens is >= 1 and <= 1 << 24, "tuning.batch_tokens", "1 to 16777216");
        RecipeKey.Require(options.LearningRate is > 0 and <= 1, "tuning.learning_rate", "above 0, at most 1");
        RecipeKey.Require(options.HeadLearningRate is null or > 0 and <= 1, "tuning.head_learning_rate", "above 0, at most 1");
        RecipeKey.Require(options.LayerDecay is > 0 and <= 1, "tuning.layer_decay", "above 0, at most 1");
        RecipeKey.Require(options.Warmup is >= 0 and <= 1e9, "tuning.warmup", "0 or more");
        RecipeKey.Require(options.WeightDecay is >= 0 and < 1e6, "tuning.weight_decay", "0 or more");
        RecipeKey.Require(options.Beta1 is >= 0 and < 1, "tuning.beta1", "0 to below 1");
        RecipeKey.Require(options.Beta2 is >= 0 and < 1, "tuning.beta2", "0 to below 1");
        RecipeKey.Require(options.Epsilon is > 0 and < 1, "tuning.epsilon", "above 0, below 1");
        RecipeKey.Require(options.ClipNorm is null or > 0, "tuning.clip_norm", "above 0, or null");
        RecipeKey.Require(options.LabelSmoothing is >= 0 and < 1, "tuning.label_smoothing", "0 to below 1");
        RecipeKey.Require(options.FocalGamma is 0 or >= 1 and <= 10, "tuning.focal_gamma", "0, or 1 to 10");
        RecipeKey.Require(options.Dropout is null or >= 0 and < 1, "tuning.dropout", "0 to below 1");
        RecipeKey.Require(options.WordDropout is >= 0 and < 1, "tuning.word_dropout", "0 to below 1");
        RecipeKey.Require(options.TurnDropout is >= 0 and <= 1, "tuning.turn_dropout", "0 to 1");
        RecipeKey.Require(options.Adversarial.Size is > 0 and <= 1, "tuning.adversarial.size", "above 0, at most 1");
        RecipeKey.Require(options.Adversarial.Start is >= 0 and < 1, "tuning.adversarial.start", "0 to below 1");
        RecipeKey.Require(options.Ema is >= 0 and < 1, "tuning.ema", "0 to below 1");
        RecipeKey.Require(options.EvaluationsPerEpoch is >= 1 and <= 1000, "tuning.evaluations_per_epoch", "1 to 1000");
        RecipeKey.Require(options.CheckpointMinutes is >= 0 and <= 1e6, "tuning.checkpoint_minutes", "0 or more");
    }

    private static void RequireTokens(TransformerJudgeOptions judge)
    {
        var tokens = judge.Tuning.Tokens;
        RecipeKey.Require(
            tokens is null
                || (tokens is [_, ..] && tokens.All(token => token.Length > 0 && !token.Any(char.IsWhiteSpace))
                    && tokens.Distinct(StringComparer.Ordinal).Count() == tokens.Count),
            "tuning.tokens", "null, or names of tokens without spaces, each of them once");
        if (tokens is not null && judge.Adapter is not null)
        {
            throw new InputException("The recipe names an adapter, whose own configuration says which tokens learn; leave the recipe's key "
                + "\"tuning.tokens\" or the adapter out.");
        }

        if (tokens is not null && judge.Tuning.Mlm.Epochs > 0)
        {
            throw new InputException("The recipe's section \"tuning.mlm\" trains the whole embedding and its key \"tuning.tokens\" single "
                + "rows of it afterwards, which Tiebreak does not do in one training. Leave one of the two out.");
        }
    }

    private static void RequireMlm(TransformerJudgeOptions judge)
    {
        var mlm = judge.Tuning.Mlm;
        RecipeKey.Require(mlm.Epochs is >= 0 and <= 1000, "tuning.mlm.epochs", "0 to 1000");
        RecipeKey.Require(mlm.Share is > 0 and < 1, "tuning.mlm.share", "above 0, below 1");
        RecipeKey.Require(mlm.BatchSize is >= 1 and <= 1 << 16, "tuning.mlm.batch_size", "1 to 65536");
        RecipeKey.Require(mlm.LearningRate is > 0 and <= 1, "tuning.mlm.learning_rate", "above 0, at most 1");
        if (mlm.Epochs > 0 && judge.Adapter is not null)
        {
            throw new InputException(
                "The recipe's section \"tuning.mlm\" changes the model under the adapter that the recipe names, which would no longer fit "
                + "it. Leave one of the two out.");
        }

        if (mlm.Epochs > 0 && string.Equals(judge.Dtype, DType.Float16.TorchName(), StringComparison.Ordinal))
        {
            throw new InputException("Tiebreak does not guess masked tokens in float16; set the recipe's key \"dtype\" to float32 or "
                + "bfloat16, or leave the section \"tuning.mlm\" out.");
        }
    }

    private static void RequireLora(LoraOptions lora)
    {
        RecipeKey.Require(lora.Rank is >= 1 and <= 4096, "tuning.lora.rank", "1 to 4096");
        RecipeKey.Require(lora.Alpha is > 0 and <= 1e6, "tuning.lora.alpha", "above 0");
        RecipeKey.Require(lora.Dropout is >= 0 and < 1, "tuning.lora.dropout", "0 to below 1");
        RecipeKey.Require(lora.Targets is [_, ..], "tuning.lora.targets", "one name and more, or all-linear");
        RecipeKey.Require(lora.BRatio is >= 1 and <= 1000, "tuning.lora.b_ratio", "1 to 1000");
    }

    private static void RequireDistillation(DistillationOptions distillation)
    {
        RecipeKey.Require(distillation.Share is >= 0 and <= 1, "tuning.distillation.share", "0 to 1");
        RecipeKey.Require(
            distillation.Weights is null or [_, ..] && distillation.Weights?.All(weight => weight is > 0 and <= 1000) is not false,
            "tuning.distillation.weights", "null, or for each teacher a number above 0, at most 1000");
        RecipeKey.Require(distillation.Temperature is >= 0.1 and <= 100, "tuning.distillation.temperature", "0.1 to 100");
        RecipeKey.Require(distillation.Cosine is >= 0 and <= 1000, "tuning.distillation.cosine", "0 to 1000");
    }
}

/// <summary>What learns.</summary>
internal enum TuningMethod
{
    /// <summary>The model's own weights, or those of some layers, and the head.</summary>
    Full,

    /// <summary>An adapter, and the head.</summary>
    Lora,
}

/// <summary>In which order of A and B a battle is shown; see <see cref="TuningOptions.Orders"/>.</summary>
internal enum ShownOrders
{
    /// <summary>As it stands.</summary>
    AsGiven,

    /// <summary>One of both by chance in every pass.</summary>
    Coin,

    /// <summary>Each order is an example of its own.</summary>
    Rows,

    /// <summary>Both orders in one step, each with half the weight.</summary>
    Together,
}
