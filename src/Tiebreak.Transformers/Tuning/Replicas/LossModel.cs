using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Torch;
using Tiebreak.Torch.Operators;
using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Training;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Tuning.Replicas;

/// <summary>A model with the loss of its recipe, on one device. Use it on one thread that computes with gradients.</summary>
internal sealed class LossModel : WeightOwner
{
    private readonly TrainableModel _model;
    private readonly PreferenceLoss _loss;
    private readonly Device _device;

    /// <summary>Puts both together.</summary>
    /// <param name="model">The model; taken over.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="device">Where the model is: <c>cpu</c> or <c>cuda:0</c>.</param>
    public LossModel(TrainableModel model, PreferenceLoss loss, string device) =>
        (_model, _loss, _device) = (Own(model), loss, Devices.Parse(device)[0]);

    /// <summary>The model.</summary>
    public TransformerModel Model => _model.Model;

    /// <summary>What learns.</summary>
    public ParameterSet Parameters => _model.Parameters;

    /// <summary>Computes the gradients of some parts of a step.</summary>
    /// <param name="parts">The parts.</param>
    /// <param name="gradients">Where they are added.</param>
    /// <returns>What the parts add to the mean loss and to the mean log loss of the step.</returns>
    /// <exception cref="TiebreakException">A loss is not finite; the rows are named.</exception>
    public (double Loss, double LogLoss) AddGradients(IEnumerable<StepPart> parts, IReadOnlyList<GradientSums> gradients)
    {
        var (loss, logLoss) = (0.0, 0.0);
        foreach (var part in parts)
        {
            using var scope = NewDisposeScope();
            _model.Dropout.Seed = part.DropoutSeed;
            var (ofRows, logLosses) = Losses(part.Rows);
            var weights = tensor([.. part.Rows.Select(row => (float)(row.Weight / part.Battles))], device: _device);
            ThrowIfNotFinite(ofRows, part);
            var sum = ofRows.mul(weights).sum();
            (part.Factor == 1 ? sum : sum.Multiply(part.Factor)).backward();
            foreach (var group in gradients)
                group.Accumulate();
            loss += sum.item<float>();
            logLoss += logLosses.mul(weights).sum().item<float>();
        }

        return (loss, logLoss);
    }

    /// <summary>The loss of each row, with gradients, and its log loss: [rows] both.</summary>
    public (Tensor Loss, Tensor LogLoss) Losses(IReadOnlyList<TuningRow> rows) =>
        _loss.Of(Outputs(rows), TargetsOf(rows), TeachersOf(rows));

    /// <summary>What the head gives for rows that are only asked about, without dropout: [rows, outputs].</summary>
    public Tensor Ask(IReadOnlyList<TuningRow> rows)
    {
        _model.Dropout.Seed = null;
        return Outputs(rows);
    }

    private Tensor Outputs(IReadOnlyList<TuningRow> rows) => _model.Outputs([.. rows.SelectMany(row => row.Sequences)]);

    private Tensor TargetsOf(IReadOnlyList<TuningRow> rows)
    {
        var values = rows.SelectMany(row => Numbers(row.Target));
        return tensor([.. values], [rows.Count, 3], device: _device);
    }

    // [battles, teachers, 3], NaN where a teacher said nothing; null: there is no teacher.
    private Tensor? TeachersOf(IReadOnlyList<TuningRow> rows)
    {
        var count = rows[0].Teachers.Count;
        var values = rows.SelectMany(row => row.Teachers)
            .SelectMany(said => said is { } preference ? Numbers(preference) : [float.NaN, float.NaN, float.NaN]);
        return count == 0 ? null : tensor([.. values], [rows.Count, count, 3], device: _device);
    }

    private static float[] Numbers(Preference preference) => [(float)preference.A, (float)preference.B, (float)preference.Tie];

    private static void ThrowIfNotFinite(Tensor losses, StepPart part)
    {
        using var scope = NewDisposeScope();
        var values = losses.detach().cpu().data<float>().ToArray();
        TuningRow[] wrong = [.. part.Rows.Where((_, i) => !float.IsFinite(values[i]))];
        if (wrong.Length > 0)
        {
            throw new TiebreakException(
                $"Step {part.Step + 1} gave a loss that is not finite, in battles {BattleNames.Of(wrong.Select(row => row.Battle.Id))}. "
                + "Lower the learning rate, compute in float32, or leave these battles out.");
        }
    }
}

/// <summary>Rows of a step that are computed at once.</summary>
/// <param name="Rows">The rows.</param>
/// <param name="Step">The step, from 0.</param>
/// <param name="DropoutSeed">What is dropped follows from it.</param>
/// <param name="Battles">The battles of the step, over all of which the mean is taken.</param>
/// <param name="Factor">What the loss is multiplied by (float16).</param>
internal sealed record StepPart(TuningRow[] Rows, int Step, ulong DropoutSeed, double Battles, double Factor);
