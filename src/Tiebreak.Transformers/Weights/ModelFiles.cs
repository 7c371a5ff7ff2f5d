using System.Globalization;
using Tiebreak.Core;
using Tiebreak.Torch;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Transformers.Adapters;
using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Families;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Training;
using Tiebreak.Transformers.Weights.Quantized;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Weights;

/// <summary>
/// A checkpoint's folder, perhaps with an adapter's, whose names and shapes have been compared with the model that the configuration
/// describes.
/// </summary>
internal sealed class ModelFiles : WeightOwner
{
    // What transformers' configurations say where a file is silent.
    private const double UsualDeviation = 0.02;

    private static readonly string[] DropoutKeys =
    [
        "hidden_dropout_prob", "attention_probs_dropout_prob", "classifier_dropout", "cls_dropout", "attention_dropout", "resid_pdrop",
    ];

    private readonly Checkpoint _checkpoint;
    private readonly StoredAdapter? _adapter;
    private readonly QuantizedLayout? _quantization;
    private readonly Dictionary<string, string?> _newHead; // tensor -> the stored tensor that it begins as; null: it is drawn

    private ModelFiles(string folder, string? adapter, HeadKind? head, bool needsHead, int? newHead, double? dropout)
    {
        TorchRuntime.Start(); // plans are made of tensors too
        var stated = ModelConfig.Read(folder);
        var (config, family) = (stated, ModelFamilies.Of(stated));
        try
        {
            _adapter = adapter is null ? null : Own(StoredAdapter.Open(adapter));
            _checkpoint = Own(Checkpoint.Open(folder));
            RefuseAdapterAlone(folder, _checkpoint);
            _quantization = QuantizedLayout.Read(folder, config, _checkpoint);
            HeadKind = head ?? _adapter?.HeadKind(family.ClassifierName(config)) ?? StoredHeadKind(config, _checkpoint)
                ?? (needsHead ? throw NoHead(config) : HeadKind.None);
            config = WithStoredVocabulary(config);
            if (dropout is { } share)
                config = WithDropout(config, share);
            (_checkpoint, config) = TiedEmbedding.Resolve(config, HeadKind, _checkpoint, _adapter);
            HeadLayer = HeadKind is HeadKind.Generator or HeadKind.None ? null : HeadPlan(config).Linears[^1].Name;
            var begins = newHead is not null && _adapter is null && HeadLayer is not null;
            Config = HeadLayer is null ? config
                : begins ? config.WithLabelCount(newHead!.Value)
                : WithStoredLabels(config, HeadLayer);
            _newHead = begins ? FindNewHead() : [];
            ChangesHead = HeadKind != HeadKindOrNull(config) || Config.LabelCount != config.LabelCount;
            var isQuantized = Check(folder);
            Notes =
            [
                .. UnreadFields.Of(stated, HeadKind) is { Count: > 0 } unread ? [UnreadNote(stated, unread)] : Array.Empty<string>(),
                .. _adapter?.Config.Notes ?? [],
                .. _quantization is null ? []
                    : isQuantized ? _quantization.Notes
                    : [$"{Config.Path} says that weights are quantised ({_quantization.Description}), but they are plain and computed so."],
            ];
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>
    /// The checkpoint's configuration, with what its weights and those of the adapter say better: the number of labels, the vocabulary of
    /// an adapter that enlarged it, a head that is no longer tied to the embedding.
    /// </summary>
    public ModelConfig Config { get; }

    /// <summary>The head that is asked for: the adapter's, or that of the checkpoint.</summary>
    public HeadKind HeadKind { get; }

    /// <summary>True if the head is another than the checkpoint's configuration describes.</summary>
    public bool ChangesHead { get; }

    /// <summary>What people should know of the files, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>What the head is, in words: <c>classification, 3 outputs (score)</c>.</summary>
    public string HeadDescription => HeadKind switch
    {
        HeadKind.None => "none; hidden states only",
        HeadKind.Generator => "language model",
        _ when string.Equals(HeadLayer, GatedHead.Objectives, StringComparison.Ordinal) =>
            $"reward, {StoredRows($"{HeadLayer}.weight")} objectives that the prompt weighs ({HeadLayer})",
        _ => string.Create(
            CultureInfo.InvariantCulture, $"classification, {Config.LabelCount} output{(Config.LabelCount == 1 ? "" : "s")} ({HeadLayer})"),
    };

    /// <summary>The last linear layer of a head of labels or scores; null where there is no such head.</summary>
    public string? HeadLayer { get; }

    /// <summary>
    /// See <see cref="Sequences.PackedTokens.Padding"/>: what transformers' own classes do, of a decoder with the head that they have.
    /// Classes of others go by the attention mask.
    /// </summary>
    public int? Padding => HeadKind is HeadKind.Classifier or HeadKind.Reward or HeadKind.Regression
        && ModelFamilies.Of(Config) is DecoderFamily family
        && string.Equals(HeadLayer, family.ClassifierName(Config), StringComparison.Ordinal)
        && !Config.Architectures.Any(name => name.EndsWith("ForRewardModel", StringComparison.Ordinal))
            ? Config.WholeOrNull("pad_token_id")
            : null;

    /// <summary>How many layers the backbone has.</summary>
    public int LayerCount { get; private set; }

    /// <summary>The modules of a head of labels or scores, by their names; none where the head is the language model's.</summary>
    public IReadOnlyList<string> HeadModules => HeadLayer is null
        ? []
        : ModulesOf(HeadPlan(Config));

    /// <summary>See <see cref="WeightPlan.WordTables"/>.</summary>
    public IReadOnlyList<string> WordTables
    {
        get
        {
            var plan = new WeightPlan(_checkpoint, _quantization);
            TransformerModel.Create(Config, HeadKind, plan).Dispose();
            return plan.WordTables;
        }
    }

    /// <summary>The module of the word embedding.</summary>
    public string WordModule => WordTables[0][..WordTables[0].LastIndexOf('.')];

    /// <summary>The weights of the checkpoint.</summary>
    public Checkpoint Checkpoint => _checkpoint;

    /// <summary>How its linear layers are quantised; null: they are plain.</summary>
    public QuantizedLayout? Quantization => _quantization;

    /// <summary>The head that a configuration names.</summary>
    /// <exception cref="InputException">It names none.</exception>
    public static HeadKind HeadKindOf(ModelConfig config)
    {
        _ = ModelFamilies.Of(config); // that the family is not computed is the better reason
        return HeadKindOrNull(config) ?? throw NoHead(config);
    }

    /// <summary>The modules of a head of labels or scores, by the configuration alone.</summary>
    /// <param name="config">The model.</param>
    /// <param name="kind">The head.</param>
    public static IReadOnlyList<string> HeadModulesOf(ModelConfig config, HeadKind kind) =>
        kind is HeadKind.Generator or HeadKind.None ? [] : ModulesOf(HeadPlan(config, kind, new WeightPlan(_ => false)));

    /// <summary>The same model with another dropout of hidden states, of attention and before the head.</summary>
    public static ModelConfig WithDropout(ModelConfig config, double share) =>
        DropoutKeys.Aggregate(config, (changed, key) => changed.With(key, share));

    /// <summary>Opens the files.</summary>
    /// <param name="folder">A folder with <c>config.json</c> and weights.</param>
    /// <param name="adapter">A folder of a PEFT adapter; null: none.</param>
    /// <param name="head">The head that is wanted; null: the one that the adapter, the files or the configuration name.</param>
    /// <param name="needsHead">Whether a model that has none is refused; otherwise its hidden states are all that it gives.</param>
    /// <exception cref="InputException">
    /// They hold no model that can be computed; the message names everything that does not fit.
    /// </exception>
    public static ModelFiles Open(string folder, string? adapter, HeadKind? head = null, bool needsHead = true) =>
        new(folder, adapter, head, needsHead, newHead: null, dropout: null);

    /// <summary>Opens the files for a training, which may begin a head that they do not hold.</summary>
    /// <param name="folder">A folder with <c>config.json</c> and weights.</param>
    /// <param name="adapter">A folder of a PEFT adapter, which then brings the head; null: none.</param>
    /// <param name="head">The head that is wanted.</param>
    /// <param name="outputs">Its outputs. A head that is stored with other ones is replaced.</param>
    /// <param name="dropout">The share that is dropped of hidden states, of attention and before the head; null: the model's own.</param>
    /// <exception cref="InputException">
    /// They hold no model that can be computed; the message names everything that does not fit.
    /// </exception>
    public static ModelFiles OpenForTraining(string folder, string? adapter, HeadKind head, int outputs, double? dropout = null) =>
        new(folder, adapter, head, needsHead: true, outputs, dropout);

    /// <summary>The weights, with the adapter applied.</summary>
    /// <param name="type">What to compute with.</param>
    /// <param name="device">Where.</param>
    public WeightSource Weights(DType type, Device device)
    {
        var weights = new CheckpointWeights(_checkpoint, type, device, _quantization);
        return _adapter is null ? weights : new AdaptedWeights(Grown(weights), AdapterWeights(_adapter, type, device), _adapter);
    }

    /// <summary>The weights for a training.</summary>
    /// <param name="options">What learns.</param>
    /// <param name="parameters">Receives what learns.</param>
    /// <param name="dropout">Turns dropout on.</param>
    public WeightSource TrainableWeights(TrainableModelOptions options, ParameterSet parameters, DropoutSwitch dropout)
    {
        var (type, device) = (options.Type, Devices.Parse(options.Device)[0]);
        WeightSource weights = new CheckpointWeights(_checkpoint, type, device, _quantization);
        if (_adapter is not null)
        {
            return new AdaptedWeights(
                Grown(weights), new TrainableWeights(AdapterWeights(_adapter, type, device), parameters, dropout), _adapter);
        }

        if (options.Tokens.Count > 0)
            weights = new ExtendedVocabulary(weights);

        var deviation = Config.Number("initializer_range", UsualDeviation);
        var drawn = new InitialisedWeights(options.Seed, name => Initialisation.OfNewTensor(name, deviation), type, device);
        if (options.NewAdapter is null)
        {
            var begun = new BegunWeights(weights, drawn, StoredName);
            return new TrainableWeights(begun, parameters, dropout, options.Learns) { Tokens = options.Tokens };
        }

        // Modules that the adapter saves whole begin as the base has them.
        var adapter = new NewAdapter(options.NewAdapter);
        var ofAdapter = new BegunWeights(
            weights, drawn, name => StoredName(Adapter.NameInModel(name)));
        return new AdaptedWeights(weights, new TrainableWeights(ofAdapter, parameters, dropout), adapter);
    }

    /// <summary>
    /// The name that a tensor has in a checkpoint of the whole model: files that were saved without head leave out what stands before the
    /// names of the backbone.
    /// </summary>
    /// <returns>Name in these files and whole name, for all tensors in the order in which the model asks for them.</returns>
    public IReadOnlyList<(TensorShape Tensor, string Whole)> WholeNames()
    {
        var here = new WeightPlan(_checkpoint, _quantization);
        var whole = new WeightPlan(
            name => _checkpoint.Contains(name) || _checkpoint.Contains(WithoutFirst(name)), _checkpoint.RowsOf, _quantization);
        TransformerModel.Create(Config, HeadKind, here).Dispose();
        TransformerModel.Create(Config, HeadKind, whole).Dispose();
        return [.. here.Asked.Zip(whole.Asked, (tensor, other) => (tensor, other.Name))];
    }

    /// <summary>
    /// What the files hold of a head of labels and its pooler, beside a model that was opened without head.
    /// </summary>
    /// <returns>The names in these files, and those in a checkpoint of the whole model.</returns>
    public IEnumerable<(string Stored, string Whole)> StoredClassifier() =>
        from tensor in HeadPlan(Config, HeadKind.Classifier, new WeightPlan(_ => false, StoredRows)).Asked
        let stored = Array.Find([tensor.Name, WithoutFirst(tensor.Name)], _checkpoint.Contains)
        where stored is not null
        select (stored, tensor.Name);

    // Tokens that an adapter brings may be new ones, whose rows it all has.
    private WeightSource Grown(WeightSource weights) => _adapter?.Config.Tokens.End > 0 ? new ExtendedVocabulary(weights) : weights;

    private static CheckpointWeights AdapterWeights(StoredAdapter adapter, DType type, Device device) =>
        new(adapter.Checkpoint, type, device);

    /// <summary>
    /// Nothing is missing, nothing has another shape, and nothing is left over but what the family knows to have no part in this.
    /// </summary>
    /// <returns>Whether some linear layer is quantised.</returns>
    private bool Check(string folder)
    {
        var plan = new WeightPlan(_checkpoint, _quantization);
        if (_adapter is null)
        {
            LayerCount = CountLayers(plan);
            CheckBase(plan);
            return IsQuantized(plan);
        }

        if (_adapter.Config.Tokens.End > 0
            && !_adapter.Checkpoint.Entries.Any(entry => entry.Name.Contains(Adapter.TokenRowsName, StringComparison.Ordinal)))
        {
            throw new InputException($"{_adapter.Config.Path}: \"trainable_token_indices\" names tokens, but {_adapter.Checkpoint.Path} "
                + "holds no rows for them; get the whole adapter.");
        }

        var adapterPlan = new WeightPlan(_adapter.Checkpoint, quantization: null);
        var adapted = new AdaptedWeights(Grown(plan), adapterPlan, _adapter);
        LayerCount = CountLayers(adapted);
        CheckBase(plan);
        if (adapted.Targets == 0)
        {
            throw new InputException($"{_adapter.Config.Path}: \"target_modules\" names no layer of the {Config.ModelType} model in "
                + $"{folder}; {MadeFor(_adapter)}.");
        }

        var difference = Difference(_adapter.Checkpoint, adapterPlan.Asked);
        difference = difference with { Unused = [.. difference.Unused.Where(name => !_adapter.IsOriginal(name))] };
        if (difference.IsFatal || difference.Unused.Count > 0)
        {
            throw new InputException($"The adapter {_adapter.Checkpoint.Path} does not fit the {Config.ModelType} model in {folder}: "
                + $"{difference}; {(difference.Misshaped.Count > 0 ? MadeFor(_adapter) : $"it names {BaseOf(_adapter)} as its base")}.");
        }

        return IsQuantized(plan);
    }

    // Asks for all weights on the way.
    private int CountLayers(WeightSource weights)
    {
        using var model = TransformerModel.Create(Config, HeadKind, weights);
        return model.Backbone.LayerCount;
    }

    private bool IsQuantized(WeightPlan plan) => _quantization is not null
        && plan.Linears.Any(linear => _quantization.Holds(plan, linear.Name));

    private void CheckBase(WeightPlan plan)
    {
        var difference = Difference(_checkpoint, plan.Asked.Where(tensor => !_newHead.ContainsKey(tensor.Name)));
        var family = ModelFamilies.Of(Config);
        var head = family.ClassifierName(Config);
        var lacksHead = difference.Missing.Contains($"{head}.weight", StringComparer.Ordinal);
        if (lacksHead && _adapter?.StoredName($"{head}.lora_A.weight") is not null)
        {
            throw new InputException($"The adapter {_adapter.Checkpoint.Path} changes the head \"{head}\" by low-rank parts, but neither "
                + $"it nor {_checkpoint.Path} holds the head itself: it was drawn at random when the training began, and not saved. Train "
                + $"it again with \"{head}\" among modules_to_save instead of target_modules.");
        }

        if (lacksHead && HeadKind is HeadKind.Reward && HeadKindOrNull(Config) is HeadKind.Generator)
        {
            throw new InputException($"{_checkpoint.Path} holds a language model without a head that scores. Where the logit of one token "
                + "is the score, set the recipe's key reward_token to its id (Nemotron's reward models: 0); a model that answers is read "
                + "with the head generator.");
        }

        // Where the head is missing, a head in another form is no leftover: it is what the reader wants to know.
        difference = difference with
        {
            Unused = [.. difference.Unused.Where(name => _adapter?.StoredName(name) is null
                && (!family.Ignores(name) || (lacksHead && name.StartsWith($"{head}.", StringComparison.Ordinal))))],
        };
        if (difference.IsFatal || difference.Unused.Count > 0)
        {
            var with = _adapter is null ? "" : $"(with what {_adapter.Checkpoint.Path} brings) ";
            var form = _quantization is null ? "" : $", packed as {_quantization.Description}";
            throw new InputException(
                $"{_checkpoint.Path} {with}does not hold the {Config.ModelType} model with {HeadName} that {Config.Path} describes{form}: "
                + $"{difference}. No weight is made up or left out; get the checkpoint that fits.");
        }
    }

    private static string UnreadNote(ModelConfig config, IReadOnlyList<string> fields) =>
        $"{config.Path} says more than Tiebreak looks at ({string.Join(", ", fields)}): look whether it changes what the model computes.";

    private string HeadName => HeadKind switch
    {
        HeadKind.Generator => "a language head",
        HeadKind.Siamese => "a siamese classification head",
        HeadKind.None => "no head",
        _ => "a classification head",
    };

    private static CheckpointDifference Difference(Checkpoint checkpoint, IEnumerable<TensorShape> asked) =>
        checkpoint.Compare(asked.ToDictionary(tensor => tensor.Name, tensor => tensor.Shape, StringComparer.Ordinal));

    private static string MadeFor(StoredAdapter adapter) => adapter.Config.BaseModel is { } name
        ? $"it was made for {name}, and needs that base"
        : "it was made for another base";

    private static string BaseOf(StoredAdapter adapter) => adapter.Config.BaseModel ?? "no model";

    private static void RefuseAdapterAlone(string folder, Checkpoint checkpoint)
    {
        if (!System.IO.Path.GetFileName(checkpoint.Path).StartsWith("adapter_model.", StringComparison.Ordinal))
            return;
        var adapter = System.IO.Path.Combine(folder, AdapterConfig.FileName);
        var name = File.Exists(adapter) ? ModelConfig.ReadFile(adapter).TextOrNull("base_model_name_or_path") : null;
        throw new InputException($"{folder} holds a configuration and the weights of a PEFT adapter, but no weights of the model: give the "
            + $"folder of {name ?? "the model that the adapter was trained on"}, and this one as `adapter`.")
        {
            Parameters = ["adapter"],
        };
    }

    /// <summary>
    /// The number of labels is that of the rows of the head's last matrix: where the adapter saved it, where the configuration is silent,
    /// and where the head is none of transformers' own, whose labels the configuration does not name.
    /// </summary>
    private ModelConfig WithStoredLabels(ModelConfig config, string layer)
    {
        var isSaved = _adapter?.StoredName($"{layer}.weight") is not null;
        var isOwn = string.Equals(layer, ModelFamilies.Of(config).ClassifierName(config), StringComparison.Ordinal);
        return StoredRows($"{layer}.weight") is > 0 and <= int.MaxValue and var labels && (isSaved || !isOwn || !config.NamesLabels)
            ? config.WithLabelCount((int)labels)
            : config;
    }

    private WeightPlan HeadPlan(ModelConfig config) => HeadPlan(config, HeadKind, new WeightPlan(_ => false, StoredRows));

    private static WeightPlan HeadPlan(ModelConfig config, HeadKind kind, WeightPlan plan)
    {
        var family = ModelFamilies.Of(config);
        (kind is HeadKind.Siamese ? family.CreateSiamese(config, plan) : family.CreateClassifier(config, plan)).Dispose();
        return plan;
    }

    private static string[] ModulesOf(WeightPlan plan) =>
        [.. plan.Asked.Select(tensor => tensor.Name[..tensor.Name.LastIndexOf('.')]).Distinct(StringComparer.Ordinal)];

    /// <summary>What the files lack of the head. A backbone that was saved alone calls its pooler by a shorter name.</summary>
    private Dictionary<string, string?> FindNewHead()
    {
        return HeadPlan(Config).Asked.Where(tensor => !Holds(tensor, tensor.Name))
            .ToDictionary(
                tensor => tensor.Name,
                tensor => WithoutFirst(tensor.Name) is var shorter && Holds(tensor, shorter) ? shorter : null,
                StringComparer.Ordinal);

        bool Holds(TensorShape tensor, string name) => _checkpoint.Contains(name) && _checkpoint[name].Shape.SequenceEqual(tensor.Shape);
    }

    // The files hold all that the model asks for but its new head; what else is asked for and is not there begins as well.
    private string? StoredName(string name) =>
        _newHead.TryGetValue(name, out var stored) ? stored : _checkpoint.Contains(name) ? name : null;

    private static string WithoutFirst(string name) => name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..];

    private long? StoredRows(string name) =>
        _adapter?.StoredName(name) is { } saved ? _adapter.Checkpoint.RowsOf(saved) : _checkpoint.RowsOf(name);

    /// <summary>An adapter that was trained after the vocabulary had been enlarged saved the embedding whole, with more rows.</summary>
    private ModelConfig WithStoredVocabulary(ModelConfig config) => WithStoredTokens(
        _adapter is not null && ModelFamilies.Of(config) is DecoderFamily family
            && _adapter.StoredName($"{family.Options(config).Names.Embedding}.weight") is { } embedding
            && _adapter.Checkpoint.RowsOf(embedding) is > 0 and <= int.MaxValue and var rows && rows != config.Count("vocab_size")
            ? config.With("vocab_size", (int)rows)
            : config);

    private ModelConfig WithStoredTokens(ModelConfig config)
    {
        if (_adapter?.Config.Tokens is not { End: > 0 } tokens || tokens.End <= config.Count("vocab_size"))
            return config;
        if (tokens.MissingFrom(config.Count("vocab_size")) is { } missing)
        {
            throw new InputException(string.Create(
                CultureInfo.InvariantCulture,
                $"{_adapter.Config.Path}: \"trainable_token_indices\" names the token {tokens.End - 1}, but no file holds a row for the "
                + $"token {missing}, which the vocabulary must have then too; merge this adapter with PEFT."));
        }

        return config.With("vocab_size", tokens.End);
    }

    /// <summary>
    /// The head that the files hold: what the configuration names, but a reward head that a training program put on a language model
    /// counts more than the class that the model was once saved from.
    /// </summary>
    private static HeadKind? StoredHeadKind(ModelConfig config, Checkpoint checkpoint)
    {
        var usual = ModelFamilies.Of(config).ClassifierName(config);
        var stored = DecoderClassifier.NameIn(checkpoint.Contains, usual);
        if (GatedHead.IsIn(checkpoint.Contains))
        {
            return checkpoint.RowsOf($"{GatedHead.Objectives}.weight") == checkpoint.RowsOf("reward_transform_matrix")
                ? HeadKind.Classifier
                : throw new InputException($"{checkpoint.Path} is a reward model whose objectives are distributions (QRM), which Tiebreak "
                    + "does not compute; of reward models with a gating network it computes those with one number for each objective "
                    + "(ArmoRM).");
        }

        return DecoderClassifier.Holds($"{stored}.") ? HeadKind.Classifier
            : HeadKindOrNull(config) is { } named ? named
            : checkpoint.Contains($"{usual}.weight") || checkpoint.Contains($"{usual}.0.weight") ? HeadKind.Classifier
            : null;
    }

    /// <summary>The head that a configuration names; null for none.</summary>
    public static HeadKind? HeadKindOrNull(ModelConfig config)
    {
        foreach (var name in config.Architectures)
        {
            if (name.EndsWith("ForCausalLM", StringComparison.Ordinal)
                || name.EndsWith("ForConditionalGeneration", StringComparison.Ordinal))
            {
                return HeadKind.Generator;
            }

            if (name.EndsWith("ForSequenceClassification", StringComparison.Ordinal)
                || name.EndsWith("ForRewardModel", StringComparison.Ordinal))
            {
                return HeadKind.Classifier;
            }
        }

        return null;
    }

    private static InputException NoHead(ModelConfig config)
    {
        var named = config.Architectures.Count == 0 ? "nothing at all" : string.Join(", ", config.Architectures);
        return new InputException(
            $"{config.Path}: \"architectures\" names no head ({named}); a model for sequence classification, a reward model " +
            "or a causal language model is needed.");
    }
}
