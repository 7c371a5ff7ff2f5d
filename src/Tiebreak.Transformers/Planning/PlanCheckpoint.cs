using System.Text.Json.Serialization;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Tokenization.Budgets;
using Tiebreak.Torch;
using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Judges;
using Tiebreak.Transformers.Sequences;

namespace Tiebreak.Transformers.Planning;

/// <summary>Works out what scoring battles with a checkpoint takes in memory and time, before anything is loaded.</summary>
internal sealed record PlanCheckpoint
{
    /// <summary>About what a T4 gives in float16, operations a second: for cards that are not here to be measured.</summary>
    public const double UsualCardRate = 25e12;

    private const double SecondsOfHour = 3600;

    private static readonly TimeSpan MeasuringTime = TimeSpan.FromSeconds(1);

    /// <summary>Folder of a checkpoint; its configuration is enough.</summary>
    public required string Model { get; init; }

    /// <summary>The battles to score.</summary>
    public required IReadOnlyList<Battle> Battles { get; init; }

    /// <summary>Devices to score on, as a list with commas.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>What to compute with: float32, bfloat16, float16, int8, or auto: bfloat16 where the device has it.</summary>
    public string Type { get; init; } = "auto";

    /// <summary>Most tokens of a battle.</summary>
    public required int MaxTokens { get; init; }

    /// <summary>Tokens that are computed together.</summary>
    public required int BatchTokens { get; init; }

    /// <summary>How a battle is written.</summary>
    public required BattleTemplate Template { get; init; }

    /// <summary>Estimates the tokens of a text, where the folder holds no tokenizer.</summary>
    public required Func<string?, int> EstimateTokens { get; init; }

    /// <summary>The time that there is; null where nobody said.</summary>
    public TimeSpan? Budget { get; init; }

    /// <summary>What an hour of the machine costs, in any currency; null where nobody said.</summary>
    public double? PriceAnHour { get; init; }

    /// <summary>Threads to use.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Plans.</summary>
    /// <exception cref="InputException">The checkpoint or the device cannot be used, or there is no battle.</exception>
    public CheckpointPlan Run(CancellationToken cancellationToken = default)
    {
        if (Battles.Count == 0)
            throw new InputException("There is no battle to score.");
        var gpus = Devices.Gpus(Device.Replace('+', ','));
        var isDivided = Device.Contains('+', StringComparison.Ordinal);
        TorchRuntime.Start(Threads);
        var (type, compute) = TypeOf(gpus.Count > 0);
        var cost = ModelCost.Of(Model, type, compute);
        var texts = new BattleLengths
        {
            Model = Model,
            MaxTokens = MaxTokens,
            Template = Template,
            EstimateTokens = EstimateTokens,
            Threads = Threads,
        };
        var (lengths, isEstimate, one, both) = WorkOf(texts, cost, cancellationToken);
        var longest = lengths.Max();
        var batchTokens = Math.Max(BatchTokens, longest);
        var total = cost.TotalBytes(batchTokens, longest);
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        var place = gpus.Count > 0 ? $"cuda:{gpus[0]}" : Placement.Cpu;
        double? products = gpus.Count > 0 && !TorchSharp.torch.cuda.is_available()
            ? null
            : ProductRate.Measure(cost.Layer, type, compute, place, MeasuringTime);
        var layers = products is { } rate
            ? new ScoringTrial(File.ReadAllBytes(ModelConfig.Read(Model).Path), cost, type, compute, Devices.Parse(place)[0])
                .Measure(BatchesOf(lengths, cost.MaxPositions), rate, memory)
            : null;
        var ofDevice = layers ?? products ?? UsualCardRate;
        var perSecond = ofDevice * (isDivided ? 1 : Math.Max(1, gpus.Count));
        var seconds = one.Operations / perSecond;
        var slice = ModelResidence.LayerMajor(cost, batchTokens, longest, memory).SliceTokens;
        return new CheckpointPlan(cost)
        {
            Compute = compute is LinearCompute.Int8 ? "int8" : type.TorchName(),
            Gpus = gpus.Count,
            IsDivided = isDivided,
            ActivationBytes = cost.ActivationBytes(batchTokens, longest),
            TotalBytes = total,
            LayerMajorBytes = cost.LayerMajorBytes(batchTokens, longest, slice),
            SliceTokens = slice,
            IsLayerMajor = gpus.Count == 0 && ModelResidence.IsNeeded(cost, total, memory),
            MemoryHereBytes = memory,
            CostPerThousand = PriceAnHour * seconds / SecondsOfHour / Battles.Count * 1000,
            Rows = Battles.Count,
            Tokens = one.GivenTokens,
            ComputedTokens = one.ComputedTokens,
            TokensBothOrders = both.GivenTokens,
            ComputedTokensBothOrders = both.ComputedTokens,
            TokensEstimated = isEstimate,
            Longest = longest,
            Operations = one.Operations,
            OperationsPerSecond = ofDevice,
            ProductsPerSecond = products,
            LayersMeasured = layers is not null,
            SecondsOneOrder = seconds,
            SecondsBothOrders = both.Operations / perSecond,
            Fits = Budget is { } budget ? seconds <= budget.TotalSeconds : null,
        };
    }

    // Sides that are read apart by a model that is asked for both orders are the same sequences once more: they are computed once.
    private (IReadOnlyList<int> Lengths, bool IsEstimate, ScoringWork One, ScoringWork Both) WorkOf(
        BattleLengths texts, ModelCost cost, CancellationToken cancellationToken)
    {
        if (texts.Write(Battles, cancellationToken) is not { } first)
        {
            int[] lengths = [.. texts.Of(Battles, cancellationToken).Lengths.SelectMany(battle => battle)];
            return (lengths, true, ScoringWork.Of(lengths, cost), ScoringWork.Of([.. lengths, .. lengths], cost));
        }

        var second = texts.Write([.. Battles.Select(battle => battle.Swapped())], cancellationToken)!;
        TokenSequence[][] orders = [.. first.Zip(second, (one, other) => new[] { one, other }).SelectMany(pair => pair)];
        return (
            [.. first.SelectMany(row => row.Select(sequence => sequence.Tokens.Count))],
            false,
            ScoringWork.Of(first, BatchTokens, cost),
            ScoringWork.Of(orders, BatchTokens, cost));
    }

    private int[][] BatchesOf(IReadOnlyList<int> lengths, int? positions)
    {
        int[] fitting = [.. lengths.Select(length => Math.Min(length, positions ?? length))];
        return [.. TokenBatches.Pack(fitting, BatchTokens).Select(batch => Array.ConvertAll(batch, i => fitting[i]))];
    }

    private (DType Type, LinearCompute Compute) TypeOf(bool isGpu)
    {
        var fastest = isGpu || Cpu.HasBFloat16 ? DType.BFloat16 : DType.Float32;
        return Type switch
        {
            "int8" => (fastest, LinearCompute.Int8),
            _ => (DTypes.OfModelNamed(Type) ?? fastest, LinearCompute.Float),
        };
    }
}

/// <summary>What scoring battles with a checkpoint takes.</summary>
internal sealed record CheckpointPlan
{
    internal CheckpointPlan(ModelCost cost) => Cost = cost;

    /// <summary>The checkpoint's own numbers.</summary>
    [JsonIgnore]
    public ModelCost Cost { get; }

    /// <summary>GPUs that were named.</summary>
    [JsonIgnore]
    public int Gpus { get; init; }

    /// <summary>Whether the GPUs hold a share of the layers each, and compute one after another.</summary>
    [JsonIgnore]
    public bool IsDivided { get; init; }

    /// <summary>The model's family.</summary>
    public string ModelType => Cost.ModelType;

    /// <summary>Parameters.</summary>
    public long Parameters => Cost.Parameters;

    /// <summary>Size of the weights as they are stored; null without weights.</summary>
    public long? StoredBytes => Cost.StoredBytes;

    /// <summary>Size of the weights in each format.</summary>
    public IReadOnlyDictionary<string, long> WeightBytes => WeightFormat.All.ToDictionary(
        format => format.Name, Cost.BytesIn, StringComparer.Ordinal);

    /// <summary>What is computed with.</summary>
    public required string Compute { get; init; }

    /// <summary>Size of weights that stay in the mapped files.</summary>
    public long MappedBytes => Cost.MappedBytes;

    /// <summary>Size of weights that are converted.</summary>
    public long OwnedBytes => Cost.OwnedBytes;

    /// <summary>Size of the largest quantised weight, dequantised.</summary>
    public long UnpackedBytes => Cost.DequantizedBytes;

    /// <summary>Size of intermediate results.</summary>
    public required long ActivationBytes { get; init; }

    /// <summary>All memory, the program included.</summary>
    public required long TotalBytes { get; init; }

    /// <summary>Memory of a computation layer by layer, without mapped files, which the system can drop.</summary>
    public required long LayerMajorBytes { get; init; }

    /// <summary>Tokens that pass each layer before the next one is opened, in a computation layer by layer.</summary>
    public required int SliceTokens { get; init; }

    /// <summary>Whether a judge with this model would be computed layer by layer here, because memory does not hold it.</summary>
    public required bool IsLayerMajor { get; init; }

    /// <summary>Memory that this process may use.</summary>
    public required long MemoryHereBytes { get; init; }

    /// <summary>Battles.</summary>
    public required int Rows { get; init; }

    /// <summary>Tokens of all battles in one order.</summary>
    public required long Tokens { get; init; }

    /// <summary>Tokens that are computed in one order: those with which several texts begin count once.</summary>
    public required long ComputedTokens { get; init; }

    /// <summary>Tokens of all battles in both orders.</summary>
    public required long TokensBothOrders { get; init; }

    /// <summary>Tokens that are computed in both orders when they are asked for together.</summary>
    public required long ComputedTokensBothOrders { get; init; }

    /// <summary>Whether the tokens are estimated, because the folder holds no tokenizer.</summary>
    public required bool TokensEstimated { get; init; }

    /// <summary>Tokens of the longest battle.</summary>
    public required int Longest { get; init; }

    /// <summary>Floating-point operations of one order.</summary>
    public required double Operations { get; init; }

    /// <summary>
    /// Operations a second on one device: what layers of this model reach, the rate of products where these are too large to be tried, or
    /// the rate of a usual card where the device is not here.
    /// </summary>
    public required double OperationsPerSecond { get; init; }

    /// <summary>The rate of bare products on the device; null where the device is not here to be measured.</summary>
    public required double? ProductsPerSecond { get; init; }

    /// <summary>Whether layers of this model were measured; otherwise they take longer than the rate says.</summary>
    public required bool LayersMeasured { get; init; }

    /// <summary>Estimated seconds of one order at that rate on all devices, without opening the model.</summary>
    public required double SecondsOneOrder { get; init; }

    /// <summary>Estimated seconds of both orders together.</summary>
    public required double SecondsBothOrders { get; init; }

    /// <summary>Battles a second in one order, by that estimate.</summary>
    public double RowsPerSecond => Rows / SecondsOneOrder;

    /// <summary>What a thousand battles cost in one order, at the price that was stated; null where nobody said.</summary>
    public required double? CostPerThousand { get; init; }

    /// <summary>Whether one order fits into the time that there is, by that estimate; null where nobody said how much there is.</summary>
    public required bool? Fits { get; init; }
}
