using System.CommandLine;
using Tiebreak.App;
using Tiebreak.Core;
using Tiebreak.Data;
using Tiebreak.Reports.Documents;
using Tiebreak.Text;
using Tiebreak.Transformers;
using Tiebreak.Transformers.Import;
using Tiebreak.Transformers.Planning;
using static Tiebreak.Cli.Verbs.Scoring.PlanTables;

namespace Tiebreak.Cli.Verbs.Scoring;

/// <summary>What scoring battles with a checkpoint takes in memory and time, before anything is loaded: <c>plan --model</c>.</summary>
internal sealed class CheckpointPlanOptions
{
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

    public CheckpointPlanOptions(Command verb, DeviceOption device)
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
    public string? Model(ParseResult parse) => parse.GetValue(_model) is { } name ? ModelFolder.Of(name) : null;

    public async Task RunAsync(
        ParseResult parse, Session session, string data, TimeSpan? budget, double? price, CancellationToken cancellationToken)
    {
        var (maxTokens, batchTokens) = (Positive(parse, _maxTokens), Positive(parse, _batchTokens));
        var set = await session.RunAsync(context => BattleFiles.LoadAsync(context, [data], BattlePurpose.Test, cancellationToken));
        var plan = new PlanCheckpoint
        {
            Model = Model(parse)!,
            Battles = set.Battles,
            Device = parse.GetRequiredValue(_device),
            Type = parse.GetRequiredValue(_dtype),
            MaxTokens = maxTokens,
            BatchTokens = batchTokens,
            Template = _template.Open(parse),
            EstimateTokens = TokenEstimate.Of,
            Budget = budget,
            PriceAnHour = price,
            Threads = session.Threads,
        }.Run(cancellationToken);
        if (plan.Cost.MaxPositions is { } positions && plan.Longest > positions)
        {
            session.Warn($"The longest battle has {plan.Longest:N0} tokens, but the model has {positions:N0} positions: " +
                "it refuses such rows; lower --max-tokens.");
        }

        session.Show(
            Weights(plan, parse.GetRequiredValue(_dtype), batchTokens),
            Devices(plan.TotalBytes, plan.MappedBytes, plan.MemoryHereBytes));
        var estimate = plan.TokensEstimated ? $" ({TokenEstimate.Accuracy}: the folder holds no tokenizer)" : "";
        session.Say($"{Quantity.Of(plan.Rows, "battle has", "battles have")} {plan.Tokens:N0} tokens{estimate}, " +
            $"the longest {plan.Longest:N0}; {plan.Operations / 1e12:N0} TFLOP in one order.");
        if (plan.ComputedTokensBothOrders < plan.TokensBothOrders)
        {
            session.Say($"What several texts begin with is computed once: {plan.ComputedTokens:N0} tokens in one order, " +
                $"{plan.ComputedTokensBothOrders:N0} of {plan.TokensBothOrders:N0} in both.");
        }

        var rate = plan switch
        {
            { LayersMeasured: true } => $"by layers of this shape that were computed here in {plan.Compute}, "
                + $"{plan.OperationsPerSecond / 1e9:N0} GFLOP/s",
            { ProductsPerSecond: not null } => $"at the rate of products of {plan.Compute} that was measured here, "
                + $"{plan.OperationsPerSecond / 1e9:N0} GFLOP/s",
            _ => $"at {plan.OperationsPerSecond / 1e12:0} TFLOP/s a card, about what a T4 gives in float16, for there is no CUDA device "
                + "here to measure",
        };
        var cards = plan.IsDivided ? $", one of {plan.Gpus} cards at a time" : plan.Gpus > 1 ? $", on {plan.Gpus} cards" : "";
        var (least, rest) = plan.LayersMeasured
            ? ("", "opening the model comes")
            : (" at the least", "norms, attention's softmax and opening come");
        session.Say($"Estimated time, {rate}{cards}: {Duration(plan.SecondsOneOrder)} in one order{least}, "
            + $"{Duration(plan.SecondsBothOrders)} in both; {rest} on top.");
        if (plan.IsDivided)
        {
            session.Say($"Each of the {plan.Gpus} cards holds a share of the layers, about "
                + $"{Size((plan.MappedBytes + plan.OwnedBytes) / plan.Gpus)} of the weights.");
        }

        var cost = plan.CostPerThousand is { } money ? $", {money:0.00} for a thousand at that price an hour" : "";
        session.Say($"That is {NumberText.Of(plan.RowsPerSecond, "0.##")} battles a second in one order{cost}.");
        if (plan.IsLayerMajor)
        {
            session.Say("This machine's memory does not hold the model: a judge is computed layer by layer here, with "
                + $"{plan.SliceTokens:N0} tokens for each reading of the weights.");
        }

        if (budget is { } limit)
        {
            var both = plan.SecondsBothOrders <= limit.TotalSeconds;
            var answer = both ? "both orders fit" : plan.Fits is true ? "one order fits" : "one order does not fit";
            session.Say($"By this estimate {answer} into {Duration(limit.TotalSeconds)}.");
        }

        session.Emit(plan, () => ModelJson.Default.CheckpointPlan);
    }

    private static TextTable Weights(Transformers.Planning.CheckpointPlan plan, string asked, int batchTokens)
    {
        var cost = plan.Cost;
        var parameters = cost.Parameters >= 1e9 ? $"{cost.Parameters / 1e9:0.00} billion" : $"{cost.Parameters:N0}";
        return new TextTable(
            $"{cost.ModelType} with {parameters} parameters, computed in {plan.Compute}{(asked is "auto" ? " (auto)" : "")}",
            ["Memory", "Size"],
            [
                .. cost.StoredBytes is { } bytes ? [["Weights as they are stored", Size(bytes)]] : Array.Empty<string[]>(),
                .. WeightFormat.All.Select(format => new[] { $"Weights in {format.Name}", Size(cost.BytesIn(format)) }),
                ["Weights that stay in the mapped files", Size(cost.MappedBytes)],
                ["Weights that are converted", Size(cost.OwnedBytes)],
                ["The largest packed weight, unpacked", Size(cost.DequantizedBytes)],
                [$"Intermediate results of {Math.Max(batchTokens, plan.Longest):N0} tokens", Size(plan.ActivationBytes)],
                ["The program itself, about", Size(ModelCost.ProgramBytes)],
                ["All of it", Size(plan.TotalBytes)],
                [$"Layer by layer, {plan.SliceTokens:N0} tokens at a time, without mapped files", Size(plan.LayerMajorBytes)],
            ]);
    }

    private static int Positive(ParseResult parse, Option<int> option) =>
        parse.GetValue(option) is > 0 and var value
            ? value
            : throw new InputException($"{option.Name} is {parse.GetValue(option)}; it must be 1 or more.");
}
