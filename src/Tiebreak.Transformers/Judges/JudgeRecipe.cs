using System.Text.Json;
using System.Text.Json.Nodes;
using Tiebreak.Core;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Judging.Capabilities;
using Tiebreak.Tokenization.Budgets;
using Tiebreak.Torch;
using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Embeddings;
using Tiebreak.Transformers.Families;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Import;
using Tiebreak.Transformers.Judges.Readings;
using Tiebreak.Transformers.Tuning;

namespace Tiebreak.Transformers.Judges;

/// <summary>A recipe that has been checked: names have become what they stand for, and what was left out has its default.</summary>
internal sealed record JudgeRecipe
{
    private static readonly Dictionary<string, HeadKind> Heads = new(StringComparer.Ordinal)
    {
        ["classifier"] = HeadKind.Classifier,
        ["siamese"] = HeadKind.Siamese,
        ["generator"] = HeadKind.Generator,
        ["reward"] = HeadKind.Reward,
        ["regression"] = HeadKind.Regression,
        ["probe"] = HeadKind.Probe,
    };

    private static readonly Dictionary<string, EmbeddingPooling> Poolings = new(StringComparer.Ordinal)
    {
        ["mean"] = EmbeddingPooling.Mean,
        ["token"] = EmbeddingPooling.Token,
    };

    private static readonly Dictionary<string, DType> Types =
        DTypes.OfModels.ToDictionary(type => type.TorchName(), StringComparer.Ordinal);

    private static readonly Dictionary<string, LinearCompute> Computes = new(StringComparer.Ordinal)
    {
        ["float"] = LinearCompute.Float,
        ["int8"] = LinearCompute.Int8,
    };

    private static readonly Dictionary<string, TieKind> TieKinds = new(StringComparer.Ordinal)
    {
        ["rao-kupper"] = TieKind.RaoKupper,
        ["davidson"] = TieKind.Davidson,
    };

    /// <summary>The recipe as the bundle will hold it: paths are whole, the template is written out.</summary>
    public required TransformerJudgeOptions Options { get; init; }

    public required HeadKind Head { get; init; }

    public required DType Type { get; init; }

    public required LinearCompute Compute { get; init; }

    public required BattleTemplate Template { get; init; }

    public required BudgetStrategy Strategy { get; init; }

    public required TieKind Ties { get; init; }

    /// <summary>How the weights learn; null: they stay as they are.</summary>
    public required TuningRecipe? Tuning { get; init; }

    /// <summary>True for heads that read each side of a battle by itself.</summary>
    public bool ReadsApart => IsApart(Head);

    /// <summary>True where exchanging the sides exchanges A and B and changes nothing else.</summary>
    public bool IsSymmetric => Head is HeadKind.Reward or HeadKind.Probe;

    /// <summary>True where the mean of all tokens' states is read, and not the token that the model's heads read.</summary>
    public bool ReadsMean => Options.Pooling is { } pooling && Poolings[pooling] is EmbeddingPooling.Mean;

    /// <summary>
    /// The head that the model is loaded with: the language model's, where the logit of one of its tokens is the score; none for a probe.
    /// </summary>
    public HeadKind LoadedHead => Head is HeadKind.Probe ? HeadKind.None
        : Options.RewardToken is null ? Head
        : HeadKind.Generator;

    /// <summary>True where the outputs are three answers; otherwise they are scores, and a tie model makes preferences of them.</summary>
    public bool HasTieOutput => Head switch
    {
        HeadKind.Generator => Options.Answers.Tie.Count > 0,
        HeadKind.Classifier or HeadKind.Siamese => Options.Labels.Count == 3,
        _ => false,
    };

    /// <summary>Whether scale and bias of the answers are fitted on the votes. Weights that learn find both themselves.</summary>
    public bool FitsBias => Tuning is null && HasTieOutput && (Options.FitBias ?? Head is HeadKind.Generator);

    /// <summary>Outputs of the head, where it is no language model's.</summary>
    public int Outputs => Head is HeadKind.Reward or HeadKind.Regression ? 1 : Options.Labels.Count;

    /// <summary>Reads and checks a recipe; of the model it looks at the configuration only.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="model">Where the model is; null: where the recipe says.</param>
    /// <exception cref="InputException">An unknown key, an impossible value, or a folder that is not there.</exception>
    public static JudgeRecipe Read(Recipe recipe, string? model = null)
    {
        var isNew = model is null;
        var options = recipe.Bind(TransformerJudgeJson.Default.TransformerJudgeOptions, new TransformerJudgeOptions());
        model ??= ModelFolder.Of(options.Model ?? throw new InputException(
            "The recipe's key \"model\" is missing; name the folder of a model: config.json, weights and tokenizer."));
        RecipeKey.Require(options.MaxTokens is >= 16 and <= 1 << 20, "max_tokens", "16 to 1048576");
        RecipeKey.Require(options.BatchTokens is >= 1 and <= 1 << 24, "batch_tokens", "1 to 16777216");
        RecipeKey.Require(options.TieParameter is null or > 0, "tie_parameter", "above 0");
        RecipeKey.Require(options.Scale is null or > 0, "scale", "above 0");
        RecipeKey.Require(
            options.Labels.Order(StringComparer.Ordinal).ToArray() is ["A", "B"] or ["A", "B", "tie"], "labels",
            "A, B and tie, each once and in the order of the head's outputs, or A and B alone");

        var head = RecipeKey.OneOf(Heads, options.Head, "head");
        RecipeKey.Require(options.RewardToken is null or >= 0, "reward_token", "0 or more: the id of a token");
        if (options.RewardToken is not null && head is not HeadKind.Reward)
            throw new InputException("The recipe's key \"reward_token\" is for the head \"reward\" only.");
        if (head is not HeadKind.Probe && (options.Pooling ?? (object?)options.L2) is not null)
            throw new InputException("The recipe's keys \"pooling\" and \"l2\" are for the head \"probe\" only.");
        RecipeKey.Require(options.L2 is null or > 0, "l2", "above 0");
        var template = TemplateOf(options.Template) ?? BattleTemplate.ByName[UsualTemplate(head, model)];
        var apart = IsApart(head);
        if (apart != template.Layout is TemplateLayout.Reply)
        {
            var (shown, read) = apart
                ? ("both responses", "each side by itself: use chat_reply, encoder_reply, reply")
                : ("one response", "the pair: use sections, encoder, chat");
            throw new InputException(
                $"The recipe's template \"{template.Name}\" shows {shown}, " +
                $"but the head \"{options.Head}\" reads {read} or keys of your own.");
        }

        RecipeKey.Require(options.Chunks is >= 1 and <= 64, "chunks", "1 to 64");
        if (options.Chunks > 1 && !apart)
        {
            throw new InputException($"The recipe's key \"chunks\" is for heads that read each side by itself, and the head "
                + $"\"{options.Head}\" reads the pair; use reward, siamese or probe, or leave it out.");
        }

        var type = RecipeKey.OneOf(Types, options.Dtype, "dtype");
        var compute = RecipeKey.OneOf(Computes, options.Compute, "compute");
        var tuning = TuningRecipe.Read(options);
        if (compute is LinearCompute.Int8 && tuning is not null)
        {
            throw new InputException("The recipe's key \"compute\" is \"int8\", which has no gradients; leave it out, or leave the section "
                + "\"tuning\" out.");
        }

        if (head is HeadKind.Probe && tuning is not null)
            throw new InputException("The recipe's head \"probe\" reads states as they are; leave the section \"tuning\" out.");
        if (isNew)
            template = RewardEnd.Add(template, head, model); // in a bundle the template stands as it was used
        return new JudgeRecipe
        {
            Options = options with
            {
                Model = Path.TrimEndingDirectorySeparator(Path.GetFullPath(model)),
                Adapter = options.Adapter is { } adapter ? Path.GetFullPath(adapter) : null,
                Tokenizer = options.Tokenizer is { } tokenizer ? Path.GetFullPath(ModelFolder.Of(tokenizer)) : null,
                Template = template.ToJson(),
                Pooling = head is HeadKind.Probe ? PoolingOf(options, model) : null,
                ChatTemplate = options.ChatTemplate is null or JudgeChatTemplate.Vocabulary
                    ? options.ChatTemplate
                    : Path.GetFullPath(options.ChatTemplate),
            },
            Head = head,
            Type = type,
            Compute = compute,
            Template = template,
            Strategy = RecipeKey.OneOf(BudgetStrategies.ByName, options.Strategy, "strategy"),
            Ties = RecipeKey.OneOf(TieKinds, options.Ties, "ties"),
            Tuning = tuning,
        };
    }

    /// <summary>The recipe's options as JSON, for the bundle.</summary>
    public JsonObject ToJson()
    {
        var json = JsonSerializer.SerializeToNode(Options, TransformerJudgeJson.Default.TransformerJudgeOptions)!.AsObject();
        if (Tuning is null)
            _ = json.Remove("tuning"); // a judge that was not tuned need not say how
        return json;
    }

    private static BattleTemplate? TemplateOf(JsonNode? value) => value switch
    {
        null => null,
        JsonObject keys => BattleTemplate.Parse("in the recipe", keys.DeepClone().AsObject()),
        _ => RecipeKey.OneOf(BattleTemplate.ByName, value.ToString(), "template"),
    };

    private static bool IsApart(HeadKind head) => head is HeadKind.Siamese or HeadKind.Reward or HeadKind.Probe;

    private static string PoolingOf(TransformerJudgeOptions options, string model)
    {
        if (options.Pooling is { } named)
        {
            _ = RecipeKey.OneOf(Poolings, named, "pooling");
            return named;
        }

        var isMean = SentenceSettings.Read(model).Pooling is { } stated
            ? stated is EmbeddingPooling.Mean
            : ModelFamilies.Of(ModelConfig.Read(model)).IsEncoder;
        return isMean ? "mean" : "token";
    }

    private static string UsualTemplate(HeadKind head, string model)
    {
        if (!Directory.Exists(model))
        {
            throw new InputException($"The recipe's key \"model\" names {model}, which is no folder; name the folder of a model: "
                + "config.json, weights and tokenizer.");
        }

        var isEncoder = ModelFamilies.Of(ModelConfig.Read(model)).IsEncoder;
        return head switch
        {
            _ when IsApart(head) => isEncoder ? "encoder_reply" : head is HeadKind.Reward ? "chat_reply" : "reply",
            HeadKind.Generator => "chat",
            _ => isEncoder ? "encoder" : "sections",
        };
    }
}
