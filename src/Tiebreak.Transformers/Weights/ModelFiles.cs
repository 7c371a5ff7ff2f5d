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
    private readonly Checkpoint _checkpoint;
    private readonly StoredAdapter? _adapter;
    private readonly QuantizedLayout? _quantization;

    private ModelFiles(string folder, string? adapter, HeadKind? head)
    {
        var config = ModelConfig.Read(folder);
        try
        {
            _adapter = adapter is null ? null : Own(StoredAdapter.Open(adapter));
            HeadKind = head ?? _adapter?.Config.HeadKind ?? HeadKindOf(config);
            _checkpoint = Own(Checkpoint.Open(folder));
            _quantization = QuantizedLayout.Read(config, _checkpoint);
            Config = _adapter is not null && HeadKind is not (HeadKind.Generator or HeadKind.None)
                ? WithLabelsOf(_adapter, config, HeadKind)
                : config;
            ChangesHead = HeadKind != HeadKindOrNull(config) || Config.LabelCount != config.LabelCount;
            Check(folder);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The checkpoint's configuration; an adapter that brings the head says how many labels there are.</summary>
    public ModelConfig Config { get; }

    /// <summary>The head that is asked for: the adapter's, or that of the checkpoint.</summary>
    public HeadKind HeadKind { get; }

    /// <summary>True if the head is the adapter's, and another than the checkpoint's configuration describes.</summary>
    public bool ChangesHead { get; }

    /// <summary>The head that a configuration names.</summary>
    /// <exception cref="InputException">It names none.</exception>
    public static HeadKind HeadKindOf(ModelConfig config)
    {
        _ = ModelFamilies.Of(config); // that the family is not computed is the better reason
        return HeadKindOrNull(config) ?? throw NoHead(config);
    }

    /// <summary>Opens the files.</summary>
    /// <param name="folder">A folder with <c>config.json</c> and weights.</param>
    /// <param name="adapter">A folder of a PEFT adapter; null: none.</param>
    /// <param name="head">The head that is wanted; null: the one that the adapter or the configuration names.</param>
    /// <exception cref="InputException">
    /// They hold no model that can be computed; the message names everything that does not fit.
    /// </exception>
    public static ModelFiles Open(string folder, string? adapter, HeadKind? head = null) => new(folder, adapter, head);

    /// <summary>The weights, with the adapter applied.</summary>
    /// <param name="type">What to compute with.</param>
    /// <param name="device">Where.</param>
    public WeightSource Weights(DType type, Device device)
    {
        var weights = new CheckpointWeights(_checkpoint, type, device, _quantization);
        return _adapter is null ? weights : new AdaptedWeights(weights, AdapterWeights(_adapter, type, device), _adapter);
    }

    /// <summary>The weights for a training: what the adapter has learns, and without an adapter the whole model.</summary>
    /// <param name="type">What to compute with.</param>
    /// <param name="device">Where.</param>
    /// <param name="parameters">Receives what learns.</param>
    /// <param name="dropout">Turns dropout on.</param>
    public WeightSource TrainableWeights(DType type, Device device, ParameterSet parameters, DropoutSwitch dropout)
    {
        var weights = new CheckpointWeights(_checkpoint, type, device, _quantization);
        return _adapter is null
            ? new TrainableWeights(weights, parameters, dropout)
            : new AdaptedWeights(weights, new TrainableWeights(AdapterWeights(_adapter, type, device), parameters, dropout), _adapter);
    }

    private static CheckpointWeights AdapterWeights(StoredAdapter adapter, DType type, Device device) =>
        new(adapter.Checkpoint, type, device);

    /// <summary>
    /// Nothing is missing, nothing has another shape, and nothing is left over but what the family knows to have no part in this.
    /// </summary>
    private void Check(string folder)
    {
        var plan = new WeightPlan(_checkpoint.Contains, _quantization);
        if (_adapter is null)
        {
            TransformerModel.Create(Config, HeadKind, plan).Dispose();
            CheckBase(plan);
            return;
        }

        var adapterPlan = new WeightPlan(_adapter.Checkpoint.Contains);
        var adapted = new AdaptedWeights(plan, adapterPlan, _adapter);
        TransformerModel.Create(Config, HeadKind, adapted).Dispose();
        CheckBase(plan);
        if (adapted.Targets == 0)
        {
            throw new InputException($"{_adapter.Config.Path}: \"target_modules\" names no layer of the {Config.ModelType} model in "
                + $"{folder}; {MadeFor(_adapter)}.");
        }

        var difference = Difference(_adapter.Checkpoint, adapterPlan);
        if (difference.IsFatal || difference.Unused.Count > 0)
        {
            throw new InputException($"The adapter {_adapter.Checkpoint.Path} does not fit the {Config.ModelType} model in {folder}: "
                + $"{difference}; {MadeFor(_adapter)}.");
        }
    }

    private void CheckBase(WeightPlan plan)
    {
        var difference = Difference(_checkpoint, plan);
        difference = difference with
        {
            Unused = [.. difference.Unused.Where(name => !ModelFamilies.Of(Config).Ignores(name) && _adapter?.StoredName(name) is null)],
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

    private string HeadName => HeadKind switch
    {
        HeadKind.Generator => "a language head",
        HeadKind.Siamese => "a siamese classification head",
        HeadKind.None => "no head",
        _ => "a classification head",
    };

    private static CheckpointDifference Difference(Checkpoint checkpoint, WeightPlan plan) =>
        checkpoint.Compare(plan.Asked.ToDictionary(tensor => tensor.Name, tensor => tensor.Shape, StringComparer.Ordinal));

    private static string MadeFor(StoredAdapter adapter) => adapter.Config.BaseModel is { } name
        ? $"it was made for {name}, and needs that base"
        : "it was made for another base";

    /// <summary>
    /// A causal base says nothing of labels: their number is that of the rows of the head's last matrix, where the adapter saved it.
    /// </summary>
    private static ModelConfig WithLabelsOf(StoredAdapter adapter, ModelConfig config, HeadKind kind)
    {
        var plan = new WeightPlan(_ => false);
        var family = ModelFamilies.Of(config);
        (kind is HeadKind.Siamese ? family.CreateSiamese(config, plan) : family.CreateClassifier(config, plan)).Dispose();
        var last = plan.Asked.Last(tensor => tensor.Shape.Count == 2).Name;
        return adapter.StoredName(last) is { } saved && adapter.Checkpoint[saved].Shape is [> 0 and <= int.MaxValue and var labels, _]
            ? config.WithLabelCount((int)labels)
            : config;
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
