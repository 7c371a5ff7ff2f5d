using System.Diagnostics;
using Tiebreak.Torch;
using Tiebreak.Transformers.Adapters;
using Tiebreak.Transformers.Engine;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Judges;
using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Training;
using Tiebreak.Transformers.Tuning;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Planning;

/// <summary>
/// Measures what a training takes on this machine, by steps of a model with one layer and with three of the true sizes and with numbers by
/// chance: what a layer takes is half of their difference. No weight is read. With checkpoints the last two layers are not computed again
/// as a whole, so that the smaller model has two layers and the larger one four.
/// </summary>
internal sealed class TuningTrial
{
    private const int Repetitions = 3;
    private const int MoreLayers = 2;
    private const long MostParameters = 1 << 23; // of the optimiser's trial

    private readonly JudgeRecipe _recipe;
    private readonly byte[] _config;
    private readonly Device _device;
    private readonly TokenSequence[] _rows;

    /// <param name="recipe">The training.</param>
    /// <param name="config">The text of the model's <c>config.json</c>.</param>
    /// <param name="device">Where to measure.</param>
    /// <param name="lengths">Tokens of the sequences that are computed together.</param>
    public TuningTrial(JudgeRecipe recipe, byte[] config, Device device, IReadOnlyList<int> lengths)
    {
        (_recipe, _config, _device, _rows) = (recipe, config, device, TrialRows.Of(lengths));
    }

    /// <summary>Measures.</summary>
    /// <param name="layers">Layers of the model.</param>
    /// <param name="learned">Numbers that learn.</param>
    public TrialTimes Run(int layers, long learned)
    {
        var few = Math.Min(layers, _recipe.Tuning!.Options.GradientCheckpointing ? 2 : 1);
        var many = Math.Min(layers, few + MoreLayers);
        var ofFew = Measure(few);
        var (gather, step) = Optimiser(learned);
        var ofMany = many == few ? ofFew : Measure(many);
        var tokens = _rows.Sum(row => row.Tokens.Count);
        return new TrialTimes(Of(ofFew.Learn, ofMany.Learn) / tokens, Of(ofFew.Ask, ofMany.Ask) / tokens, gather, step);

        double Of(double first, double second) =>
            many == few ? first : first + (Math.Max(0, second - first) / (many - few) * (layers - few));
    }

    private (double Learn, double Ask) Measure(int layers)
    {
        using var scope = NewDisposeScope();
        using var gradients = set_grad_enabled(true);
        var dropout = new DropoutSwitch();
        using var model = Create(layers, dropout);
        var (learn, ask) = (double.MaxValue, double.MaxValue);
        for (ulong i = 0; i < Repetitions; i++)
        {
            dropout.Seed = i;
            learn = Math.Min(learn, Seconds(() => Hidden(model).sum().backward()));
            dropout.Seed = null;
            using var mode = no_grad();
            ask = Math.Min(ask, Seconds(() => Hidden(model)));
        }

        return (learn, ask);
    }

    private Tensor Hidden(TransformerModel model) => model.Layers.Forward(model.Pack(_rows), model.Backbone.Pooling).to(ScalarType.Float32);

    private TransformerModel Create(int layers, DropoutSwitch dropout)
    {
        var tuning = _recipe.Tuning!;
        var config = CutConfig.Of(_config, layers);
        if (tuning.Options.Dropout is { } share)
            config = ModelFiles.WithDropout(config, share);
        var drawn = new TrialWeights(_recipe.Type, _device);
        var rates = new ParameterRates(tuning.Options with { Layers = null }, [], layers);
        var plan = new WeightPlan(_ => false);
        TransformerModel.Create(config, HeadKind.None, plan).Dispose();
        WeightSource weights = tuning.Method is TuningMethod.Lora
            ? new AdaptedWeights(
                drawn,
                new TrainableWeights(drawn, new ParameterSet(), dropout),
                new NewAdapter(LearnedParameters.AdapterOf(_recipe, [], rates.Layers, plan.WordTables[0])))
            : new TrainableWeights(drawn, new ParameterSet(), dropout, rates.Learns);
        return TransformerModel.Create(
            config, HeadKind.None, weights,
            runner: tuning.Options.GradientCheckpointing ? backbone => new CheckpointedRunner(backbone) : null);
    }

    // Gradients are gathered after each part of a step, and the step is taken at its end.
    private (double Gather, double Step) Optimiser(long learned)
    {
        using var scope = NewDisposeScope();
        using var gradients = set_grad_enabled(true);
        var count = Math.Min(learned, MostParameters);
        var parameter = zeros(count, dtype: _recipe.Type.ToScalarType(), device: _device).requires_grad_();
        parameter.sum().backward();
        using var optimiser = new AdamW([new ParameterGroup([parameter], 1e-3, 0.01)], new AdamWOptions());
        var (gather, step) = (double.MaxValue, double.MaxValue);
        for (var i = 0; i < Repetitions; i++)
        {
            gather = Math.Min(gather, Seconds(optimiser.Accumulate));
            step = Math.Min(step, Seconds(() => optimiser.Step()));
        }

        return (gather * learned / count, step * learned / count);
    }

    private double Seconds(Action work)
    {
        using var scope = NewDisposeScope();
        var clock = Stopwatch.StartNew();
        work();
        if (_device.type is TorchSharp.DeviceType.CUDA)
            cuda.synchronize(_device);
        return clock.Elapsed.TotalSeconds;
    }
}

/// <summary>What parts of a training take, in seconds.</summary>
/// <param name="LearnToken">A token that is learned from.</param>
/// <param name="AskToken">A token of a battle that the model is asked about.</param>
/// <param name="Gather">Gathering the gradients of a part of a step.</param>
/// <param name="Step">The optimiser's step.</param>
internal sealed record TrialTimes(double LearnToken, double AskToken, double Gather, double Step);
