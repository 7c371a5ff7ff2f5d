using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Tiebreak.Cli.Output;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Data;
using Tiebreak.Text;
using Tiebreak.Tokenization.Budgets;
using Tiebreak.Tokenization.Formats;
using Tiebreak.Torch;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Transformers;
using Tiebreak.Transformers.Planning;

namespace Tiebreak.Cli.Verbs.Scoring;

/// <summary>What scoring battles with a checkpoint takes in memory and time, before anything is loaded: <c>plan --model</c>.</summary>
internal sealed class CheckpointPlan
{
    private static readonly TimeSpan MeasuringTime = TimeSpan.FromSeconds(1);

    private const double CardRate = 25e12;

    // Memory of cards that people score with, less what the driver and the libraries keep.
    private static readonly (string Name, double Gigabytes)[] Cards =
    [
        ("T4, 16 GB", 14.5), ("L4, RTX 3090 or 4090, 24 GB", 22), ("A100, 40 GB", 38), ("A100 or H100, 80 GB", 77),
    ];

    private readonly Option<string?> _model = new("--model")
    {
        Description = "Instead of --judge: folder of a checkpoint (config.json is enough).",
    };
    private readonly DeviceOption _device;
    private readonly Option<string> _dtype = new("--dtype")
    {
        Description = "With --model: what to compute with; auto: bfloat16 where the device has it.",
        DefaultValueFactory = _ => "auto",
    };
    private readonly Option<int> _maxTokens = new("--max-tokens")
    {
        Description = "With --model: most tokens of a battle.",
        DefaultValueFactory = _ => 2048,
    };
    private readonly Option<int> _batchTokens = new("--batch-tokens")
    {
        Description = "With --model: tokens that are computed together.",
        DefaultValueFactory = _ => 4096,
    };
    private readonly TemplateOption _template = new();

    public CheckpointPlan(Command verb, DeviceOption device)
    {
        _device = device;
        _ = _dtype.AcceptOnlyFromAmong("auto", "float32", "bfloat16", "float16", "int8");
        verb.Add(_model);
        verb.Add(_dtype);
        verb.Add(_maxTokens);
        verb.Add(_batchTokens);
        verb.Add(_template);
    }

    /// <summary>The checkpoint that the command line names; null: none.</summary>
    public string? Model(ParseResult parse) => parse.GetValue(_model);

    public async Task RunAsync(ParseResult parse, Session session, string data, TimeSpan? budget, CancellationToken cancellationToken)
    {
        var (folder, device) = (Model(parse)!, parse.GetRequiredValue(_device));
        var gpus = Devices.Gpus(device);
        var (maxTokens, batchTokens) = (Positive(parse, _maxTokens), Positive(parse, _batchTokens));
        TorchRuntime.Start(session.Threads);
        var (type, compute) = TypeOf(parse.GetRequiredValue(_dtype), isGpu: gpus.Count > 0);
        var cost = ModelCost.Of(folder, type, compute);
        var set = await BattleLoading.LoadAsync(session, [data], BattlePurpose.Test, cancellationToken);
        var (lengths, isEstimate) = Lengths(session, folder, set.Battles, _template.Open(parse), maxTokens, cancellationToken);
        if (lengths.Length == 0)
            throw new InputException($"--data {data} holds no battle.");

        var longest = lengths.Max();
        if (cost.MaxPositions is { } positions && longest > positions)
        {
            session.Warn($"The longest battle has {longest:N0} tokens, but the model has {positions:N0} positions: it refuses such rows; "
                + "lower --max-tokens.");
        }

        var (activations, total) =
            (cost.ActivationBytes(Math.Max(batchTokens, longest), longest), cost.TotalBytes(Math.Max(batchTokens, longest), longest));
        var operations = lengths.Sum(length => cost.OperationsOf(length));
        double? rate = gpus.Count > 0 && !TorchSharp.torch.cuda.is_available()
            ? null
            : ProductRate.Measure(cost.Layer, type, compute, gpus.Count > 0 ? $"cuda:{gpus[0]}" : "cpu", MeasuringTime);
        var seconds = operations / rate / Math.Max(1, gpus.Count);

        session.Show(Weights(cost, parse.GetRequiredValue(_dtype), type, compute).ToTerminal());
        session.Show(Fit(cost, total).ToTerminal());
        session.Say(
            Format($"{lengths.Length:N0} battles have {lengths.Sum(length => (long)length):N0} ")
            + Format($"tokens{(isEstimate ? $" ({TokenEstimate.Accuracy}: the folder holds no tokenizer)" : "")}, ")
            + Format($"the longest {longest:N0}; {operations / 1e12:N0} TFLOP in one order."));
        session.Say(seconds is { } time
            ? Format($"At this machine's rate of products of {Name(type, compute)}, {rate / 1e9:N0} GFLOP/s, that is {Duration(time)} in ")
                + Format($"one order at the least, {Duration(2 * time)} in both; norms, attention's softmax and loading come on top.")
            : Format($"This machine has no CUDA device to measure; at {CardRate / 1e12:0} TFLOP/s, about what a T4 gives in float16, ")
                + Format($"one order takes {Duration(operations / CardRate / gpus.Count)}."));
        if (budget is { } limit && seconds is { } needed)
        {
            session.Say(needed <= limit.TotalSeconds
                ? $"One order fits into {Duration(limit.TotalSeconds)}."
                : $"One order does not fit into {Duration(limit.TotalSeconds)}.");
        }

        session.Emit(new JsonObject
        {
            ["model_type"] = cost.ModelType,
            ["parameters"] = cost.Parameters,
            ["stored_bytes"] = cost.StoredBytes,
            ["weight_bytes"] = new JsonObject(
                WeightFormat.All.Select(format => KeyValuePair.Create(format.Name, (JsonNode?)JsonValue.Create(cost.BytesIn(format))))),
            ["compute"] = Name(type, compute),
            ["mapped_bytes"] = cost.MappedBytes,
            ["owned_bytes"] = cost.OwnedBytes,
            ["unpacked_bytes"] = cost.UnpackedBytes,
            ["activation_bytes"] = activations,
            ["total_bytes"] = total,
            ["memory_here_bytes"] = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            ["rows"] = lengths.Length,
            ["tokens"] = lengths.Sum(length => (long)length),
            ["tokens_estimated"] = isEstimate,
            ["longest"] = longest,
            ["operations"] = operations,
            ["operations_per_second"] = rate,
            ["seconds_one_order"] = seconds,
            ["fits"] = budget is { } given && seconds is { } measured ? measured <= given.TotalSeconds : null,
        });

        TextTable Weights(ModelCost model, string asked, DType computed, LinearCompute products) => new(
            Format($"{model.ModelType} with {(model.Parameters >= 1e9 ? Format($"{model.Parameters / 1e9:0.00} billion") : Format($"{model.Parameters:N0}"))} parameters, computed in {Name(computed, products)}{(asked is "auto" ? " (auto)" : "")}"),
            ["Memory", "Size"],
            [
                .. model.StoredBytes is { } bytes ? [["Weights as they are stored", Size(bytes)]] : Array.Empty<string[]>(),
                .. WeightFormat.All.Select(format => new[] { $"Weights in {format.Name}", Size(model.BytesIn(format)) }),
                ["Weights that stay in the mapped files", Size(model.MappedBytes)],
                ["Weights that are converted", Size(model.OwnedBytes)],
                ["The largest packed weight, unpacked", Size(model.UnpackedBytes)],
                [$"Intermediate results of {Math.Max(batchTokens, longest):N0} tokens", Size(activations)],
                ["The program itself, about", Size(ModelCost.ProgramBytes)],
                ["All of it", Size(total)],
            ]);
    }

    private static TextTable Fit(ModelCost cost, long total)
    {
        var here = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return new TextTable("Where it fits", ["Device", "Memory", "Fits"],
        [
            [
                "This machine's memory",
                Size(here),
                total <= here ? "yes" : total - cost.MappedBytes <= here ? "slowly: weights are read from the disk again and again" : "no",
            ],
            .. Cards.Select(card =>
                new[] { card.Name, Format($"{card.Gigabytes:0.#} GB free"), total <= card.Gigabytes * 1e9 ? "yes" : "no" }),
        ]);
    }

    private static (DType Type, LinearCompute Compute) TypeOf(string name, bool isGpu) => name switch
    {
        "float32" => (DType.Float32, LinearCompute.Float),
        "float16" => (DType.Float16, LinearCompute.Float),
        "bfloat16" => (DType.BFloat16, LinearCompute.Float),
        "int8" => (isGpu || Cpu.HasBFloat16 ? DType.BFloat16 : DType.Float32, LinearCompute.Int8),
        _ => (isGpu || Cpu.HasBFloat16 ? DType.BFloat16 : DType.Float32, LinearCompute.Float),
    };

    /// <summary>Tokens of every battle after it has been fitted into the budget.</summary>
    private static (int[] Lengths, bool IsEstimate) Lengths(
        Session session, string folder, IReadOnlyList<Battle> battles, BattleTemplate template, int maxTokens,
        CancellationToken cancellationToken)
    {
        var hasTokenizer = Directory.EnumerateFiles(folder).Any(file => CheckpointFiles.IsTokenizer(Path.GetFileName(file)));
        var fitter = hasTokenizer ? new BattleFitter(TokenizerFile.Open(folder), template, BudgetStrategy.Rounds, maxTokens) : null;
        var lengths = new int[battles.Count];
        Parallel.For(
            0, lengths.Length, new ParallelOptions { MaxDegreeOfParallelism = session.Threads, CancellationToken = cancellationToken },
            i => lengths[i] = fitter?.Fit(battles[i]).Ids.Length ?? Math.Min(maxTokens, Estimate(battles[i])));
        return (lengths, fitter is null);
    }

    private static int Estimate(Battle battle) =>
        1 + battle.Turns.Sum(turn => TokenEstimate.Of(turn.Prompt) + TokenEstimate.Of(turn.ResponseA) + TokenEstimate.Of(turn.ResponseB));

    private static int Positive(ParseResult parse, Option<int> option) =>
        parse.GetValue(option) is > 0 and var value
            ? value
            : throw new InputException($"{option.Name} is {parse.GetValue(option)}; it must be 1 or more.");

    private static string Name(DType type, LinearCompute compute) =>
        compute is LinearCompute.Int8 ? "int8" : type.ToString().ToLowerInvariant();

    private static string Size(long bytes) =>
        bytes >= 1e9 ? Format($"{bytes / 1e9:0.00} GB") : bytes >= 1e6 ? Format($"{bytes / 1e6:0.0} MB") : Format($"{bytes / 1e3:0} kB");

    private static string Duration(double seconds) =>
        seconds < 120 ? Format($"{seconds:0.#} s")
            : seconds < 7200 ? Format($"{seconds / 60:0} min")
            : seconds < 172_800 ? Format($"{seconds / 3600:0.#} h")
            : Format($"{seconds / 86_400:0.#} days");

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
