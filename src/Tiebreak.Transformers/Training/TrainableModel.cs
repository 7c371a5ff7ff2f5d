using Tiebreak.Torch;
using Tiebreak.Transformers.Adapters;
using Tiebreak.Transformers.Engine;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Training;

/// <summary>
/// A model that learns. Its head is the one that a judge scores with, so that what is trained is what is scored. Use it on one thread that
/// computes with gradients.
/// </summary>
internal sealed class TrainableModel : WeightOwner
{
    private readonly Head _head;

    private TrainableModel(ModelFiles files, TrainableModelOptions options)
    {
        var config = files.Config;
        if (options.Tokens.Count > 0)
            config = config.With("vocab_size", Math.Max(config.Count("vocab_size"), options.Tokens.Max() + 1));
        Model = Own(TransformerModel.Create(
            config, files.HeadKind, files.TrainableWeights(options, Parameters, Dropout),
            runner: options.IsCheckpointed ? backbone => new CheckpointedRunner(backbone) : null, padding: files.Padding));
        _head = options.Head?.Invoke(Model) ?? Model.Head;
        _ = Own(files);
    }

    /// <summary>The model.</summary>
    public TransformerModel Model { get; }

    /// <summary>What learns.</summary>
    public ParameterSet Parameters { get; } = new();

    /// <summary>Turns dropout on and off; it is off.</summary>
    public DropoutSwitch Dropout { get; } = new();

    /// <summary>Loads a model.</summary>
    /// <param name="files">Its files; taken over.</param>
    /// <param name="options">What learns, and how it is computed.</param>
    /// <exception cref="Core.InputException">What is to learn cannot be trained.</exception>
    public static TrainableModel Create(ModelFiles files, TrainableModelOptions? options = null)
    {
        try
        {
            return new TrainableModel(files, options ?? new TrainableModelOptions());
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
        var tokens = Model.Pack(rows);
        var pooled = Model.Layers.Forward(tokens, _head.SelectionOf(Model.Backbone));
        return _head.Forward(tokens, pooled).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }
}

/// <summary>What learns of a model, and how it is computed. The adapter of the files learns, and without one the model itself.</summary>
internal sealed record TrainableModelOptions
{
    /// <summary>What to compute with.</summary>
    public DType Type { get; init; } = DType.Float32;

    /// <summary>Where to compute: <c>cpu</c> or <c>cuda:0</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>An adapter that begins now, and learns instead of the model; null: none.</summary>
    public AdapterConfig? NewAdapter { get; init; }

    /// <summary>
    /// Tokens whose rows of the word embedding learn, where it does not learn as a whole. The vocabulary grows so that it has them all.
    /// </summary>
    public IReadOnlyList<int> Tokens { get; init; } = [];

    /// <summary>Which of the model's own tensors learn where there is no adapter, by name; null: all.</summary>
    public Func<string, bool>? Learns { get; init; }

    /// <summary>What tensors that no file holds are drawn from.</summary>
    public ulong Seed { get; init; }

    /// <summary>Makes the head of the model, which owns it; null: the model's own head.</summary>
    public Func<TransformerModel, Head>? Head { get; init; }

    /// <summary>
    /// The backward pass computes each layer again, so that memory holds what goes into the layers and the inside of one of them; see
    /// <see cref="CheckpointedRunner"/>. Losses and gradients stay the same.
    /// </summary>
    public bool IsCheckpointed { get; init; }
}
