using Tiebreak.Core;
using Tiebreak.Torch;
using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Engine;
using Tiebreak.Transformers.Families;
using Tiebreak.Transformers.Heads;
using Tiebreak.Transformers.Layers;
using Tiebreak.Transformers.Sequences;
using Tiebreak.Transformers.Weights;
using static TorchSharp.torch;

namespace Tiebreak.Transformers;

/// <summary>A published model with its head, out of a Hugging Face folder. Use it from one thread at a time.</summary>
internal sealed class TransformerModel : WeightOwner
{
    private readonly Head? _head;
    private readonly int? _padding;
    private bool _isLoaded; // out of files; a plan holds no memory

    private TransformerModel(
        ModelConfig config,
        HeadKind kind,
        IReadOnlyList<WeightSource> weights,
        LinearCompute compute,
        Func<Backbone, LayerRunner> runner,
        int? padding)
    {
        (Config, HeadKind, _padding) = (config, kind, padding);
        Backbone = Own(weights.Count == 1 ? CreateBackbone(config, compute, weights[0]) : CreateSplit(config, kind, compute, weights));
        Layers = Own(runner(Backbone));
        var last = Backbone is SplitBackbone split ? split.Last : Backbone;
        _head = kind is HeadKind.None ? null : Own(CreateHead(config, kind, weights[^1], last));
    }

    /// <summary>The checkpoint's configuration.</summary>
    public ModelConfig Config { get; }

    /// <summary>The head that the model was loaded with.</summary>
    public HeadKind HeadKind { get; }

    /// <summary>The model without its head.</summary>
    public Backbone Backbone { get; }

    /// <summary>What people should know of its files, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; private set; } = [];

    /// <summary>What takes batches through the backbone.</summary>
    internal LayerRunner Layers { get; }

    /// <summary>The head.</summary>
    /// <exception cref="InvalidOperationException">The model was loaded without one.</exception>
    public Head Head => _head ?? throw new InvalidOperationException("The model was loaded without a head.");

    /// <summary>
    /// Loads a model. Names and shapes are compared with the files first, so that everything that does not fit is told at once; a head that
    /// the files lack is never made up.
    /// </summary>
    /// <param name="folder">A folder with <c>config.json</c> and weights.</param>
    /// <param name="type">What to compute with; weights stored in it are used in place, others are converted.</param>
    /// <param name="device">
    /// Where to compute: <c>cpu</c>, <c>cuda:0</c>, or <c>cuda:0+cuda:1</c> with the first half of the layers on one and the second on
    /// the other.
    /// </param>
    /// <param name="adapter">
    /// A folder with a PEFT adapter to apply: LoRA, rsLoRA, DoRA, and modules that were trained whole; null: none.
    /// </param>
    /// <param name="compute">What linear layers are computed with.</param>
    /// <param name="head">The head that is wanted; null: the one that the adapter or the configuration names.</param>
    /// <param name="isStreamed">
    /// Layers are opened one at a time, when they are computed, and freed again: memory holds one of them, and all weights are read once
    /// for every call of <see cref="Compute"/>. Otherwise they are opened here and stay. Weights that are not finite are found when a layer
    /// is opened.
    /// </param>
    /// <exception cref="InputException">The folder holds no model that can be computed; the message names what is wrong.</exception>
    public static TransformerModel Load(
        string folder,
        DType type = DType.Float32,
        string device = "cpu",
        string? adapter = null,
        LinearCompute compute = LinearCompute.Float,
        HeadKind? head = null,
        bool isStreamed = false) => Load(
            folder, type, device, adapter, compute, head,
            isStreamed ? backbone => new StreamingRunner(backbone) : backbone => new ResidentRunner(backbone));

    /// <summary>Loads a model whose layers a runner of the caller's choice opens.</summary>
    internal static TransformerModel Load(
        string folder,
        DType type,
        string device,
        string? adapter,
        LinearCompute compute,
        HeadKind? head,
        Func<Backbone, LayerRunner> runner) =>
        Load(folder, type, Devices.OfModel(device), adapter, compute, head, runner);

    /// <summary>Loads a model on devices of the caller's choice.</summary>
    internal static TransformerModel Load(
        string folder,
        DType type,
        IReadOnlyList<Device> devices,
        string? adapter,
        LinearCompute compute,
        HeadKind? head,
        Func<Backbone, LayerRunner> runner)
    {
        var files = ModelFiles.Open(folder, adapter, head);
        try
        {
            var model = new TransformerModel(
                files.Config, files.HeadKind, [.. devices.Select(device => files.Weights(type, device))], compute, runner, files.Padding);
            _ = model.Own(files);
            model._isLoaded = true;
            model.Notes = files.Notes;
            return model;
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    /// <summary>The names and shapes of the tensors that a model takes, by its configuration alone.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="kind">The head.</param>
    public static IReadOnlyList<TensorShape> TensorsOf(ModelConfig config, HeadKind kind)
    {
        TorchRuntime.Start();
        var plan = new WeightPlan(_ => false);
        using var model = Create(config, kind, plan);
        return plan.Asked;
    }

    /// <summary>Puts a model together from any source of weights.</summary>
    internal static TransformerModel Create(
        ModelConfig config,
        HeadKind kind,
        WeightSource weights,
        LinearCompute compute = LinearCompute.Float,
        Func<Backbone, LayerRunner>? runner = null,
        int? padding = null) =>
        new(config, kind, [weights], compute, runner ?? (backbone => new ResidentRunner(backbone)), padding);

    /// <summary>Lays rows end to end, as this model reads them.</summary>
    /// <param name="rows">Token ids.</param>
    /// <param name="paddedLength">See <see cref="PackedTokens.PaddedLength"/>.</param>
    /// <exception cref="InputException">There is no row, or one is empty.</exception>
    public PackedTokens Pack(IReadOnlyList<TokenSequence> rows, int? paddedLength = null) =>
        new(rows) { PaddedLength = paddedLength, Padding = _padding };

    /// <summary>Lays the rows of a planned batch end to end, as this model reads them.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="kept">What stands before all of its sequences; null: nothing.</param>
    public PackedTokens Pack(PlannedBatch batch, KeptPrefix? kept) => new(batch.Sequences, batch.Prefixes, kept) { Padding = _padding };

    /// <summary>What sequences may share where a head reads them; null: nothing.</summary>
    public PrefixSharing? SharingFor(Head head) => PrefixSharing.Of(Backbone, _padding, head.SelectionOf(Backbone));

    /// <summary>
    /// True if some row's result depends on the padded length of its batch, as transformers computes it: LongRoPE, and a row on the short
    /// side.
    /// </summary>
    public bool DependsOnPadding(IReadOnlyList<TokenSequence> rows, int paddedLength) =>
        Backbone.LongRopeLimit is { } limit && paddedLength > limit && rows.Any(row => row.Tokens.Count <= limit);

    /// <summary>Computes rows together, without padding.</summary>
    /// <param name="rows">Token ids.</param>
    /// <param name="paddedLength">
    /// LongRoPE only: the length of a padded batch that the rows would lie in; see <see cref="PackedTokens.PaddedLength"/>. Null: each row
    /// by itself.
    /// </param>
    /// <exception cref="InputException">A token or a length is out of range; the row is named.</exception>
    /// <exception cref="TiebreakException">A result is not finite; the row is named.</exception>
    public ModelOutput Compute(IReadOnlyList<TokenSequence> rows, int? paddedLength = null)
    {
        using var mode = inference_mode();
        using var scope = NewDisposeScope();
        var tokens = Pack(rows, paddedLength);
        var sampler = new HiddenSampler(tokens, Backbone.LayerCount, tracesResult: Backbone.IsCausal);
        var selected = tokens.Select(Layers.Forward(tokens, TokenSelection.All, sampler.Observe), Head.SelectionOf(Backbone));
        var logits = Head.Forward(tokens, selected).to(ScalarType.Float32).cpu(); // [rows, outputs]

        var values = logits.data<float>().ToArray().Chunk((int)logits.shape[1]).ToArray();
        for (var i = 0; i < values.Length; i++)
        {
            if (!Array.TrueForAll(values[i], float.IsFinite))
            {
                throw new TiebreakException(
                    $"The model gave a number that is not finite for row {rows[i].Id}; compute it with float32, or look at the weights.");
            }
        }

        return new ModelOutput { Logits = values, LastHiddenStates = sampler.LastHiddenStates, LayerTrace = sampler.LayerTrace };
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing && _isLoaded)
            TorchRuntime.ReleaseFreedMemory();
        _isLoaded = false;
    }

    private static Backbone CreateBackbone(ModelConfig config, LinearCompute compute, WeightSource weights) =>
        ModelFamilies.Of(config).CreateBackbone(config, compute is LinearCompute.Int8 ? new Int8Weights(weights) : weights);

    // A language model's head may be tied to the embedding: it lies where the head does, too.
    private static SplitBackbone CreateSplit(
        ModelConfig config, HeadKind kind, LinearCompute compute, IReadOnlyList<WeightSource> weights)
    {
        var parts = new List<Backbone>();
        try
        {
            for (var i = 0; i < weights.Count; i++)
            {
                var hasTable = i == 0 || (i == weights.Count - 1 && kind is HeadKind.Generator);
                parts.Add(CreateBackbone(config, compute, hasTable ? weights[i] : new WithoutTable(weights[i])));
            }

            return new SplitBackbone(parts, [.. weights.Select(source => source.Device)]);
        }
        catch
        {
            parts.ForEach(part => part.Dispose());
            throw;
        }
    }

    private static Head CreateHead(ModelConfig config, HeadKind kind, WeightSource weights, Backbone backbone) => kind switch
    {
        HeadKind.Generator => ModelFamilies.Of(config).CreateGenerator(config, weights, backbone),
        HeadKind.Siamese => new SiameseHead(ModelFamilies.Of(config).CreateSiamese(config, weights)),
        HeadKind.Reward => new RewardHead(ModelFamilies.Of(config).CreateClassifier(config, weights)),
        _ => ModelFamilies.Of(config).CreateClassifier(config, weights),
    };
}

/// <summary>What the linear layers of a model are computed with.</summary>
internal enum LinearCompute
{
    /// <summary>The floating-point type of the model; quantised weights are dequantised to it, a layer at a time.</summary>
    Float,

    /// <summary>
    /// Products in int8 (W8A8): weights rounded with a scale an output, activations with a scale a token, as they come. Heads stay in
    /// floating point. Faster and a quarter of float32's memory; costs accuracy, which differs from model to model:
    /// <see cref="PreferenceDrift"/> measures it.
    /// </summary>
    Int8,
}

/// <summary>What a model computed for a batch of rows.</summary>
internal sealed record ModelOutput
{
    /// <summary>The head's output: logits of labels, or of the whole vocabulary after the last token; a list for each row.</summary>
    public required IReadOnlyList<float[]> Logits { get; init; }

    /// <summary>Final hidden states at the first, the last and two tokens between, for each row.</summary>
    public required IReadOnlyList<HiddenSample> LastHiddenStates { get; init; }

    /// <summary>The first row's last token after the embedding and after each layer.</summary>
    public required IReadOnlyList<HiddenSample> LayerTrace { get; init; }
}
