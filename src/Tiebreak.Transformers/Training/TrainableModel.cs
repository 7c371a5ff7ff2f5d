using Tiebreak.Torch;
using Tiebreak.Transformers.Engine;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Judges.Readings;
using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Training;

/// <summary>
/// A model that learns. Head and reading are those that a judge scores with, so that what is trained is what is scored. Use it on one
/// thread that computes with gradients.
/// </summary>
internal sealed class TrainableModel : WeightOwner
{
    private readonly OutputReading _reading;

    private TrainableModel(ModelFiles files, DType type, Device device, OutputReading reading, bool isCheckpointed)
    {
        _reading = reading;
        Model = Own(TransformerModel.Create(
            files.Config, files.HeadKind, files.TrainableWeights(type, device, Parameters, Dropout),
            runner: isCheckpointed ? backbone => new CheckpointedRunner(backbone) : null, padding: files.Padding));
        _ = Own(files);
    }

    /// <summary>The model.</summary>
    public TransformerModel Model { get; }

    /// <summary>What learns.</summary>
    public ParameterSet Parameters { get; } = new();

    /// <summary>Turns dropout on and off; it is off.</summary>
    public DropoutSwitch Dropout { get; } = new();

    /// <summary>Loads a model: its adapter learns, and without an adapter all of it.</summary>
    /// <param name="folder">A folder with <c>config.json</c> and weights.</param>
    /// <param name="adapter">A folder with a PEFT adapter; null: none.</param>
    /// <param name="reading">How the head's outputs become preferences.</param>
    /// <param name="type">What to compute with.</param>
    /// <param name="device">Where to compute: <c>cpu</c> or <c>cuda:0</c>.</param>
    /// <param name="head">The head that is wanted; null: the one that the adapter or the configuration names.</param>
    /// <param name="isCheckpointed">
    /// The backward pass computes each layer again, so that memory holds what goes into the layers and the inside of one of them; see
    /// <see cref="CheckpointedRunner"/>. Losses and gradients stay the same.
    /// </param>
    /// <exception cref="Core.InputException">The folders hold no model that can be trained; the message names what is wrong.</exception>
    public static TrainableModel Load(
        string folder,
        string? adapter,
        OutputReading reading,
        DType type = DType.Float32,
        string device = "cpu",
        HeadKind? head = null,
        bool isCheckpointed = false)
    {
        var place = Devices.Parse(device)[0];
        var files = ModelFiles.Open(folder, adapter, head);
        try
        {
            return new TrainableModel(files, type, place, reading, isCheckpointed);
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    /// <summary>What the head gives for a batch; gradients pass.</summary>
    /// <param name="rows">Token ids: one row for each battle, or one for each side where the head reads sides apart.</param>
    /// <returns>[battles, outputs], float32.</returns>
    public Tensor Outputs(IReadOnlyList<TokenSequence> rows)
    {
        using var scope = NewDisposeScope();
        var pooled = Model.Layers.Forward(Model.Pack(rows), Model.Backbone.Pooling);
        return Model.Head.Forward(pooled).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <summary>The mean log loss of a batch.</summary>
    /// <param name="outputs">See <see cref="Outputs"/>.</param>
    /// <param name="targets">[battles, 3]: what people said, as probabilities of A, B and tie.</param>
    /// <returns>A scalar with a gradient.</returns>
    public Tensor Loss(Tensor outputs, Tensor targets)
    {
        using var scope = NewDisposeScope();
        return _reading.LogProbabilities(outputs).mul(targets).sum(dim: 1).mean().neg().MoveToOuterDisposeScope();
    }
}
