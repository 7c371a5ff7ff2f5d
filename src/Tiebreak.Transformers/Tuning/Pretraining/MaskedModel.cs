using Tiebreak.Core;
using Tiebreak.Core.Randomness;
using Tiebreak.Torch;
using Tiebreak.Torch.Operators;
using Tiebreak.Transformers.Engine;
using Tiebreak.Transformers.Families;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Judges;
using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Training;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tuning.Pretraining;

/// <summary>
/// An encoder that learns to guess masked tokens, with its optimiser. Its head is that of the files, or begins anew where they have none.
/// Use it on one thread that computes with gradients.
/// </summary>
internal sealed class MaskedModel : WeightOwner
{
    private readonly TuningOptions _options;
    private readonly ulong _seed;
    private readonly DropoutSwitch _dropout = new();
    private readonly TransformerModel _model;
    private readonly MaskedHead _head;
    private readonly AdamW _optimiser;
    private readonly FreedMemory _freed = new();
    private readonly Device _device;

    private MaskedModel(ModelFiles files, JudgeRecipe recipe, string device, ulong seed)
    {
        (Files, _options, _seed, _device) = (files, recipe.Tuning!.Options, seed, Devices.Parse(device)[0]);
        var weights = files.TrainableWeights(
            new TrainableModelOptions { Type = recipe.Type, Device = device, Seed = seed }, Parameters, _dropout);
        _model = Own(TransformerModel.Create(
            files.Config, HeadKind.None, weights,
            runner: _options.GradientCheckpointing ? backbone => new CheckpointedRunner(backbone) : null));
        _head = Own(ModelFamilies.Of(files.Config).CreateMasked(files.Config, weights, _model.Backbone));
        var rates = new ParameterRates(
            _options with { LearningRate = _options.Mlm.LearningRate, LayerDecay = 1 }, headModules: [], files.LayerCount);
        _optimiser = Own(new AdamW(rates.GroupsOf(Parameters), _options.AdamW));
        _ = Own(files);
    }

    /// <summary>The files of the model.</summary>
    public ModelFiles Files { get; }

    /// <summary>What learns: all weights and the head.</summary>
    public ParameterSet Parameters { get; } = new();

    /// <summary>Tokens that the model knows.</summary>
    public int VocabularySize => _model.Backbone.VocabularySize;

    /// <summary>Whether the files lack the head, so that it was drawn from the seed.</summary>
    public bool BeginsHead => Parameters.Tensors.Keys.Any(name => !Files.Checkpoint.Contains(name));

    /// <summary>
    /// All that the next step depends on beside its number, by name: to be written to a file, and read back into it to go on from there.
    /// </summary>
    public IEnumerable<KeyValuePair<string, Tensor>> State =>
        [.. Parameters.Tensors.Select(pair => KeyValuePair.Create($"parameter {pair.Key}", pair.Value)), .. _optimiser.State];

    /// <summary>Loads the model of a recipe.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="seed">A new head and what is dropped follow from it.</param>
    /// <exception cref="InputException">The model is no encoder, or its weights are quantised.</exception>
    public static MaskedModel Load(JudgeRecipe recipe, string device, ulong seed)
    {
        var folder = recipe.Options.Model!;
        TorchRuntime.KeepTensorsApart();
        var files = ModelFiles.OpenForTraining(folder, adapter: null, HeadKind.None, outputs: 0, recipe.Tuning!.Options.Dropout);
        try
        {
            return files.Quantization is not { } quantization
                ? new MaskedModel(files, recipe, device, seed)
                : throw new InputException($"{folder} holds quantised weights ({quantization.Description}), which cannot learn to guess "
                    + "masked tokens; take the model before it was quantised, or leave the recipe's section \"tuning.mlm\" out.");
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    /// <summary>Continues after so many steps; <see cref="State"/> must be that of then.</summary>
    public void ContinueAfter(int steps) => _optimiser.ContinueAfter(steps);

    /// <summary>Learns from the sequences of one step, whose tokens all count the same.</summary>
    /// <param name="rows">The sequences.</param>
    /// <param name="rate">The factor of the learning rate.</param>
    /// <returns>The mean loss of a token in nats, and the length of the gradient before it was clipped.</returns>
    /// <exception cref="TiebreakException">The loss or the gradient is not finite.</exception>
    public (double Loss, double GradientNorm) Learn(IReadOnlyList<MaskedSequence> rows, double rate)
    {
        var (step, number, loss) = ((ulong)_optimiser.Steps, 0UL, 0.0);
        var guesses = rows.Sum(row => row.Places.Count);
        foreach (var part in TokenBatches.Pack([.. rows.Select(row => row.Shown.Tokens.Count)], _options.BatchTokens))
        {
            _dropout.Seed = new SeededRandom(_seed, (step << 20) + ++number).NextUInt64();
            MaskedSequence[] batch = [.. part.Select(i => rows[i]).Where(row => row.Places.Count > 0)];
            if (batch.Length == 0)
                continue;
            using var scope = NewDisposeScope();
            var mean = Loss(batch).Divide(guesses);
            mean.backward();
            _optimiser.Accumulate();
            loss += mean.item<float>();
        }

        var norm = _optimiser.GradientNorm();
        if (!double.IsFinite(loss) || !double.IsFinite(norm))
        {
            throw new TiebreakException($"Step {step + 1} of the training on masked tokens gave a number that is not finite, in battles "
                + $"{BattleNames.Of(rows.Select(row => row.Shown.Id))}. Lower tuning.mlm.learning_rate, compute in float32, or leave these "
                + "battles out.");
        }

        _optimiser.Step(rate, _options.ClipFactor(norm));
        _freed.AfterStep();
        return (loss, norm);
    }

    /// <summary>The loss of all guesses together, with gradients.</summary>
    /// <param name="rows">Sequences, each with something to guess.</param>
    public Tensor Loss(IReadOnlyList<MaskedSequence> rows)
    {
        using var scope = NewDisposeScope();
        var tokens = _model.Pack([.. rows.Select(row => row.Shown)]);
        var hidden = _model.Layers.Forward(tokens); // [tokens, hidden]
        var places = rows.SelectMany((row, i) => row.Places.Select(place => (long)tokens.StartOf(i) + place));
        var logits = _head.Forward(hidden.index_select(0, tensor([.. places], device: _device))); // [guesses, vocabulary]
        var expected = tensor([.. rows.SelectMany(row => row.Tokens).Select(token => (long)token)], device: _device);
        return nn.functional.cross_entropy(logits.to(ScalarType.Float32), expected, reduction: nn.Reduction.Sum).MoveToOuterDisposeScope();
    }
}
