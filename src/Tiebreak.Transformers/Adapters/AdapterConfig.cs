using Tiebreak.Core;
using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Heads;

namespace Tiebreak.Transformers.Adapters;

/// <summary>
/// The <c>adapter_config.json</c> of PEFT (https://github.com/huggingface/peft), as far as it changes what is computed or how it learns.
/// </summary>
internal sealed class AdapterConfig
{
    public const string FileName = "adapter_config.json";

    // Ways to begin that move a part of the base into the adapter: what is stored fits a changed base only.
    private static readonly string[] ChangesBase = ["pissa", "olora", "corda", "loftq"];

    // Fields that change what is computed in ways that Tiebreak does not follow, and what it computes instead.
    private static readonly (string Key, string Computed)[] NotComputed =
    [
        ("layer_replication", "each layer once"),
        ("alora_invocation_tokens", "adapters that act on every token, not those that begin at an invocation (activated LoRA)"),
        ("target_parameters", "adapters of modules, not of bare parameters"),
        ("use_qalora", "LoRA, rsLoRA and DoRA"),
        ("use_bdlora", "LoRA, rsLoRA and DoRA"),
        ("arrow_config", "one adapter at a time, without routing"),
        ("megatron_config", "the layers of transformers"),
        ("fan_in_fan_out", "layers whose weights are not transposed"),
    ];

    // Fields that are read here, and fields that say how the adapter was made, or that concern programs and not numbers.
    private static readonly string[] Known =
    [
        "peft_type", "base_model_name_or_path", "task_type", "r", "lora_alpha", "target_modules", "exclude_modules", "layers_to_transform",
        "layers_pattern", "rank_pattern", "alpha_pattern", "use_rslora", "use_dora", "lora_dropout", "modules_to_save", "bias", "lora_bias",
        "fan_in_fan_out", "init_lora_weights", "ensure_weight_tying", "trainable_token_indices",
        "auto_mapping", "peft_version", "revision", "inference_mode", "megatron_core", "loftq_config", "eva_config", "corda_config",
        "lora_ga_config", "runtime_config", "qalora_group_size",
    ];

    private readonly int _rank;
    private readonly double _alpha;
    private readonly bool _scalesByRoot;
    private readonly IReadOnlyList<(Func<string, bool> Matches, double Value)> _ranks;
    private readonly IReadOnlyList<(Func<string, bool> Matches, double Value)> _alphas;

    private AdapterConfig(ModelConfig config)
    {
        if (config.Text("peft_type") is not "LORA")
            throw config.NotComputed("peft_type", "LORA");
        foreach (var (key, computed) in NotComputed)
        {
            if (config.IsSet(key))
                throw config.NotComputed(key, computed);
        }

        if (config.IsText("init_lora_weights")
            && Array.Exists(ChangesBase, name => config.Text("init_lora_weights").StartsWith(name, StringComparison.OrdinalIgnoreCase)))
        {
            throw config.NotComputed(
                "init_lora_weights",
                "adapters that leave their base as it is; save this one with PEFT's path_initial_model_for_weight_conversion");
        }

        Path = config.Path;
        Notes =
        [
            .. config.FieldNames.Where(key => !Known.Contains(key, StringComparer.Ordinal) && config.IsSet(key))
                .Select(key => $"{config.Path}: Tiebreak does not know \"{key}\" and leaves it out; look whether it changes numbers."),
        ];
        BaseModel = config.TextOrNull("base_model_name_or_path");
        HeadKind = config.TextOrNull("task_type") switch
        {
            "SEQ_CLS" => Heads.HeadKind.Classifier,
            "CAUSAL_LM" => Heads.HeadKind.Generator,
            null or "FEATURE_EXTRACTION" => null,
            _ => throw config.Unsupported("task_type", "SEQ_CLS or CAUSAL_LM"),
        };
        Targets = new ModuleTargets(config);
        UsesDora = config.Flag("use_dora", false);
        Dropout = config.Dropout("lora_dropout", 0);
        SavedModules = config.TextsOrNull("modules_to_save") ?? [];
        Tokens = new TokenTargets(config);
        KeepsTie = config.Flag("ensure_weight_tying", false);
        (_rank, _alpha, _scalesByRoot) = (config.Count("r", 8), config.Number("lora_alpha", 8), config.Flag("use_rslora", false));
        (_ranks, _alphas) = (Patterns(config, "rank_pattern"), Patterns(config, "alpha_pattern"));
    }

    /// <summary>The file, for messages.</summary>
    public string Path { get; }

    /// <summary>The base that it was trained on, as the file spells it; null where it does not say.</summary>
    public string? BaseModel { get; }

    /// <summary>The head that it was trained with; null: that of the base.</summary>
    public HeadKind? HeadKind { get; }

    /// <summary>Which modules it is for.</summary>
    public ModuleTargets Targets { get; }

    /// <summary>Whether rows have a learned length (DoRA).</summary>
    public bool UsesDora { get; }

    /// <summary>In training: the share of what goes into the low-rank parts that is dropped.</summary>
    public double Dropout { get; }

    /// <summary>Modules that are trained and saved whole, by the last parts of their names.</summary>
    public IReadOnlyList<string> SavedModules { get; }

    /// <summary>Tokens whose rows of a table it brings.</summary>
    public TokenTargets Tokens { get; }

    /// <summary>
    /// Whether a head that is tied to the embedding follows what the adapter does to the embedding. PEFT leaves the head as it was where
    /// this is not asked for.
    /// </summary>
    public bool KeepsTie { get; }

    /// <summary>What the file says and nothing here reads, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Reads a configuration.</summary>
    /// <exception cref="InputException">It says something that is not computed here.</exception>
    public static AdapterConfig Of(ModelConfig config) => new(config);

    /// <summary>Reads the file of an adapter's folder.</summary>
    /// <exception cref="InputException">It is missing, or says something that is not computed here.</exception>
    public static AdapterConfig Read(string folder)
    {
        var path = System.IO.Path.Combine(folder, FileName);
        return File.Exists(path)
            ? Of(ModelConfig.ReadFile(path))
            : throw new InputException($"{folder} holds no {FileName}; give the folder of a PEFT adapter.");
    }

    /// <summary>Whether an adapter's folder is there and brings rows of single tokens.</summary>
    /// <exception cref="InputException">Its configuration says something that is not computed here.</exception>
    public static bool HasTokens(string folder) => File.Exists(System.IO.Path.Combine(folder, FileName)) && Read(folder).Tokens.End > 0;

    /// <summary>The rank of a module's adapter.</summary>
    public int RankOf(string module) => (int)ValueOf(_ranks, module, _rank);

    /// <summary>The factor on up down: alpha / rank, or alpha / sqrt(rank) with rsLoRA (https://arxiv.org/abs/2312.03732).</summary>
    public double ScalingOf(string module)
    {
        var (rank, alpha) = (RankOf(module), ValueOf(_alphas, module, _alpha));
        return alpha / (_scalesByRoot ? Math.Sqrt(rank) : rank);
    }

    private static double ValueOf(IReadOnlyList<(Func<string, bool> Matches, double Value)> patterns, string module, double fallback)
    {
        foreach (var (matches, value) in patterns)
        {
            if (matches(module))
                return value;
        }

        return fallback;
    }

    // PEFT matches the end of a module's name.
    private static IReadOnlyList<(Func<string, bool> Matches, double Value)> Patterns(ModelConfig config, string key) =>
        [.. config.NumberMap(key).Select(pair =>
        {
            if (pair.Value <= 0 || (key is "rank_pattern" && pair.Value % 1 != 0))
                throw config.Unsupported(key, "positive numbers for patterns of names, whole ones where they are ranks");
            return ((Func<string, bool>)PeftPattern.Whole(config, key, $@"(?:.*\.)?(?:{pair.Key})").IsMatch, pair.Value);
        })];
}
