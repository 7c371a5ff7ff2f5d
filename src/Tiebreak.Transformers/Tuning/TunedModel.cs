using System.Collections.ObjectModel;
using System.Text;
using System.Text.Json.Nodes;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Randomness;
using Tiebreak.Torch;
using Tiebreak.Transformers.Adapters;
using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Judges;
using Tiebreak.Transformers.Judges.Readings;
using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Training;
using Tiebreak.Transformers.Tuning.Noise;
using Tiebreak.Transformers.Tuning.Replicas;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tuning;

/// <summary>
/// A model on its way through a training, with its optimiser. It learns from one step's examples at a time and can be asked in between. Use
/// it on one thread that computes with gradients.
/// </summary>
internal sealed class TunedModel : WeightOwner
{
    private const string ParameterName = "parameter";

    private readonly TuningOptions _options;
    private readonly ParameterRates _rates;
    private readonly LossModel _model;
    private readonly List<ModelReplica> _replicas = [];
    private readonly AdamW _optimiser;
    private readonly FreedMemory _freed = new();
    private readonly AdversarialNoise? _adversarial;
    private readonly WeightAverage? _average;
    private readonly LossScale? _scale;
    private readonly ulong _seed;
    private readonly Tensor[] _firstHead;

    private TunedModel(JudgeRecipe recipe, ModelFiles files, BattleInput input, OutputReading reading, string device, ulong seed)
    {
        (_options, _seed) = (recipe.Tuning!.Options, seed);
        _rates = new ParameterRates(_options, files.HeadModules, files.LayerCount);
        ThrowIfNoLayer(files.LayerCount);
        Files = files;
        Tokens = LearnedTokens.IdsOf(_options.Tokens, input.Tokenizer);
        if (recipe.Tuning.Method is TuningMethod.Lora && recipe.Options.Adapter is null)
            NewAdapter = NewAdapterConfig.Of(recipe, files.HeadModules, _rates.Layers, files.WordModule, Tokens);
        _model = Own(LossModelOf(recipe, files, input, reading, device));
        ThrowIfNoTarget();
        _optimiser = Own(new AdamW(_rates.GroupsOf(Parameters), _options.AdamW));
        _adversarial = AdversarialNoise.Of(recipe.Tuning.Adversarial, _options.Adversarial, Parameters);
        _average = _options.Ema > 0 ? Own(new WeightAverage(Parameters.Tensors, _options.Ema)) : null;
        _scale = recipe.Type is DType.Float16 ? Own(new LossScale()) : null;
        _firstHead = [.. HeadParameters.Select(tensor => Own(tensor.detach().clone().DetachFromDisposeScope()))];
    }

    /// <summary>The base's files.</summary>
    public ModelFiles Files { get; }

    /// <summary>The configuration of the adapter that begins with this training; null: none does.</summary>
    public JsonObject? NewAdapter { get; }

    /// <summary>The tokens that the recipe names.</summary>
    public IReadOnlyList<int> Tokens { get; }

    /// <summary>Tokens that the model knows.</summary>
    public int VocabularySize => _model.Model.Backbone.VocabularySize;

    /// <summary>What learns.</summary>
    public ParameterSet Parameters => _model.Parameters;

    /// <summary>
    /// All that the next step depends on beside its number, by name: to be written to a file, and read back into it to go on from there.
    /// </summary>
    public IEnumerable<KeyValuePair<string, Tensor>> State =>
    [
        .. Learned,
        .. _optimiser.State,
        .. Averages.Select(Named("average")),
        .. _scale is null ? [] : new[] { KeyValuePair.Create("loss scale", _scale.State) },
    ];

    /// <summary>The parameters, by name.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Learned => Parameters.Tensors.Select(Named(ParameterName));

    /// <summary>What the model is asked with, by the names of <see cref="Learned"/>: the parameters or their averages.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Kept => _average is null ? Learned : Averages.Select(Named(ParameterName));

    // Of the training so far; the optimiser has not taken those that were left out.
    private int Steps => _optimiser.Steps + (_scale?.LeftOut ?? 0);

    private IReadOnlyDictionary<string, Tensor> Averages => _average?.Averages ?? ReadOnlyDictionary<string, Tensor>.Empty;

    /// <summary>Loads the model of a recipe.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="input">How battles go in.</param>
    /// <param name="reading">How outputs become preferences.</param>
    /// <param name="devices">Where to compute: one device, or several that share each step (<see cref="TrainingDevices"/>).</param>
    /// <param name="seed">New weights and what is dropped follow from it.</param>
    /// <param name="threads">Threads of the CPU for each device but the first, which computes with those of the caller.</param>
    /// <exception cref="InputException">The parts do not fit together.</exception>
    public static TunedModel Load(
        JudgeRecipe recipe, BattleInput input, OutputReading reading, string devices, ulong seed, int threads = 1)
    {
        var names = TrainingDevices.NamesOf(devices);
        TorchRuntime.KeepTensorsApart();
        var files = OpenFiles(recipe);
        TunedModel? model = null;
        try
        {
            ThrowIfQuantized(files, recipe);
            model = new TunedModel(recipe, files, input, reading, names[0], seed);
            ModelFit.Check(model._model.Model, recipe, input.Tokenizer, input.Sequences);
            foreach (var device in names[1..])
                model.AddReplica(threads, () => model.LossModelOf(recipe, OpenFiles(recipe), input, reading, device));
            return model;
        }
        catch
        {
            model?.Dispose();
            files.Dispose();
            throw;
        }
    }

    /// <summary>What does not learn, with rows for new tokens.</summary>
    /// <param name="type">The type to hold it in.</param>
    public WeightSource Unchanged(DType type) => Tokens.Count == 0
        ? Files.Weights(type, CPU)
        : new ExtendedVocabulary(Files.Weights(type, CPU));

    /// <summary>Continues after so many steps; <see cref="State"/> must be that of then.</summary>
    public void ContinueAfter(int steps) => _optimiser.ContinueAfter(steps - (_scale?.LeftOut ?? 0));

    /// <summary>Learns from the examples of one step.</summary>
    /// <param name="rows">The examples.</param>
    /// <param name="battles">How many battles they are: the mean is taken over these.</param>
    /// <param name="rate">The factor of all learning rates.</param>
    /// <param name="steps">All steps of the training.</param>
    /// <exception cref="TiebreakException">A loss or a gradient is not finite; the rows are named.</exception>
    public StepResult Learn(IReadOnlyList<TuningRow> rows, double battles, double rate, int steps)
    {
        var (loss, logLoss) = AddGradients(rows, battles);
        if (_adversarial?.IsOn(Steps, steps) is true && double.IsFinite(_optimiser.GradientNorm()))
        {
            using var moved = _adversarial.Move(_optimiser.Gradients);
            _ = AddGradients(rows, battles);
        }

        var (number, factor) = (Steps + 1, _scale?.Factor ?? 1);
        var norm = _optimiser.GradientNorm() / factor;
        var isFinite = double.IsFinite(norm);
        if (!(_scale?.Update(isFinite) ?? isFinite))
        {
            throw new TiebreakException(
                $"Step {number} gave a gradient that is not finite, in battles {Names(rows)}. Lower the learning rate, "
                + "compute in float32, or leave these battles out.");
        }

        if (!isFinite)
        {
            _optimiser.Forget();
            return new StepResult(loss, logLoss, GradientNorm: 0);
        }

        _optimiser.Step(rate, _options.ClipFactor(norm) / factor);
        _average?.Add(_optimiser.Steps);
        _freed.AfterStep();
        return new StepResult(loss, logLoss, norm);
    }

    private void AddReplica(int threads, Func<LossModel> load) =>
        _replicas.Add(Own(ModelReplica.Start(threads, load, _rates.GroupsOf)));

    private LossModel LossModelOf(JudgeRecipe recipe, ModelFiles files, BattleInput input, OutputReading reading, string device)
    {
        var model = TrainableModel.Create(files, new TrainableModelOptions
        {
            Type = recipe.Type,
            Device = device,
            NewAdapter = NewAdapter is null
                ? null
                : AdapterConfig.Of(ModelConfig.Parse(Encoding.UTF8.GetBytes(NewAdapter.ToJsonString()), "the recipe's adapter")),
            Tokens = Tokens,
            Learns = _rates.Learns,
            Seed = _seed,
            Head = input.HeadOf,
            IsCheckpointed = _options.GradientCheckpointing,
        });
        var loss = new PreferenceLoss(
            reading, _options.LabelSmoothing, _options.FocalGamma, new DistillationLoss(_options.Distillation));
        return new LossModel(model, loss, device);
    }

    private (double Loss, double LogLoss) AddGradients(IReadOnlyList<TuningRow> rows, double battles)
    {
        var parts = PartsOf(rows, battles);
        var computed = _replicas.Select((replica, i) => replica.ComputeAsync(_model.Parameters, ShareOf(parts, i + 1))).ToArray();
        try
        {
            var (loss, logLoss) = _model.AddGradients(ShareOf(parts, 0), _optimiser.Sums);
            for (var i = 0; i < computed.Length; i++)
            {
                var (ofReplica, logLossOfReplica) = computed[i].GetAwaiter().GetResult();
                (loss, logLoss) = (loss + ofReplica, logLoss + logLossOfReplica);
                _replicas[i].AddTo(_optimiser.Sums);
            }

            return (loss, logLoss);
        }
        finally
        {
            // They read the weights, which nobody may change or free before.
            foreach (var replica in _replicas)
                replica.WaitUntilIdle();
        }
    }

    // Each device has about the same number of tokens, and every part the same seed wherever it is computed.
    private StepPart[] PartsOf(IReadOnlyList<TuningRow> rows, double battles)
    {
        var fair = (rows.Sum(row => (long)row.Tokens) + _replicas.Count) / (_replicas.Count + 1);
        return
        [
            .. TokenBatches.Pack([.. rows.Select(row => row.Tokens)], (int)Math.Min(_options.BatchTokens, fair))
                .Select((part, i) => new StepPart(
                    Array.ConvertAll(part, row => rows[row]),
                    Steps,
                    new SeededRandom(_seed, ((ulong)Steps << 20) + (ulong)i + 1).NextUInt64(),
                    battles,
                    _scale?.Factor ?? 1)),
        ];
    }

    private StepPart[] ShareOf(StepPart[] parts, int device) => [.. parts.Where((_, i) => i % (_replicas.Count + 1) == device)];

    /// <summary>The loss of each row, with gradients, and its log loss: [rows] both.</summary>
    public (Tensor Loss, Tensor LogLoss) Losses(IReadOnlyList<TuningRow> rows) => _model.Losses(rows);

    /// <summary>What the head gives for rows, without dropout and gradients.</summary>
    /// <returns>Outputs, row by row.</returns>
    /// <exception cref="TiebreakException">An output is not finite; the battle is named.</exception>
    public float[][] Ask(IReadOnlyList<TuningRow> rows)
    {
        using var mode = no_grad();
        using var parameters = _average is null ? null : new KeptValues(Parameters.Tensors.Values);
        _average?.Apply();
        var outputs = new float[rows.Count][];
        foreach (var part in TokenBatches.Pack([.. rows.Select(row => row.Tokens)], _options.BatchTokens))
        {
            using var scope = NewDisposeScope();
            TuningRow[] batch = [.. part.Select(i => rows[i])];
            var values = _model.Ask(batch).cpu().contiguous();
            var chunks = values.data<float>().ToArray().Chunk((int)values.shape[1]).ToArray();
            for (var i = 0; i < part.Length; i++)
            {
                outputs[part[i]] = chunks[i];
                if (BattleScorer.ProblemOf(chunks[i], batch[i].Battle) is { } problem)
                    throw new TiebreakException(problem);
            }
        }

        return outputs;
    }

    /// <summary>Ends the training: the parameters become what the model is asked with.</summary>
    public void TakeAverage() => _average?.Apply();

    /// <summary>How far the head has moved since the training began, as a share of its length; null where none is trained.</summary>
    public double? HeadMovement()
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        if (_firstHead.Length == 0)
            return null;
        var moved = HeadParameters.Zip(_firstHead, (now, then) => SquaredLength(now - then)).Sum();
        return Math.Sqrt(moved / _firstHead.Sum(SquaredLength));

        static double SquaredLength(Tensor tensor) => Math.Pow(tensor.to(ScalarType.Float32).norm().item<float>(), 2);
    }

    private static Func<KeyValuePair<string, Tensor>, KeyValuePair<string, Tensor>> Named(string what) =>
        pair => KeyValuePair.Create($"{what} {pair.Key}", pair.Value);

    private IEnumerable<Tensor> HeadParameters =>
        Parameters.Tensors.Where(parameter => _rates.IsOfHead(parameter.Key)).Select(parameter => parameter.Value);

    private static ModelFiles OpenFiles(JudgeRecipe recipe) => ModelFiles.OpenForTraining(
        recipe.Options.Model!, recipe.Options.Adapter, recipe.LoadedHead, recipe.Outputs, recipe.Tuning!.Options.Dropout);

    private static string Names(IReadOnlyList<TuningRow> rows) => BattleNames.Of(rows.Select(row => row.Battle.Id));

    private static void ThrowIfQuantized(ModelFiles files, JudgeRecipe recipe)
    {
        if (recipe.Tuning!.Method is TuningMethod.Full && files.Quantization is { } quantization)
        {
            throw new InputException($"{recipe.Options.Model} holds quantised weights ({quantization.Description}), which cannot learn "
                + "themselves; set the recipe's key \"tuning.method\" to lora.");
        }
    }

    private void ThrowIfNoLayer(int layerCount)
    {
        if (_rates.Layers?.Any(layer => layer < 0 || layer >= layerCount) is true)
        {
            throw new InputException($"The recipe's key \"tuning.layers\" names a layer that the model does not have; its layers are 0 to "
                + $"{layerCount - 1}, or -{layerCount} to -1.");
        }
    }

    private void ThrowIfNoTarget()
    {
        if (NewAdapter is not null && !Parameters.Tensors.Keys.Any(name => name.EndsWith(".lora_A.weight", StringComparison.Ordinal)))
        {
            throw new InputException($"The recipe's key \"tuning.lora.targets\" names no linear layer of the model: "
                + $"{string.Join(", ", _options.Lora.Targets)}. Name the last parts of their names, for instance query and value, or "
                + "all-linear.");
        }
    }
}

/// <summary>A battle as it is shown to a model.</summary>
/// <param name="Battle">The battle, for messages.</param>
/// <param name="Sequences">The pair, or both sides.</param>
/// <param name="Target">What people said, as the battle is shown.</param>
/// <param name="Teachers">What each teacher said, as the battle is shown; null where it said nothing.</param>
/// <param name="Weight">How much it counts.</param>
internal sealed record TuningRow(
    Battle Battle, IReadOnlyList<TokenSequence> Sequences, Preference Target, IReadOnlyList<Preference?> Teachers, double Weight)
{
    /// <summary>Tokens of all sequences.</summary>
    public int Tokens => Sequences.Sum(sequence => sequence.Tokens.Count);
}

/// <summary>What a step gave.</summary>
/// <param name="Loss">The mean loss of its battles.</param>
/// <param name="LogLoss">The mean log loss: the loss without smoothing and focus.</param>
/// <param name="GradientNorm">The length of the gradient before it was clipped; 0 where the step was left out (float16).</param>
internal readonly record struct StepResult(double Loss, double LogLoss, double GradientNorm);
