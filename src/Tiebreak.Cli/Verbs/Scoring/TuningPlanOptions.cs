using System.CommandLine;
using Tiebreak.App;
using Tiebreak.App.Recipes;
using Tiebreak.Core;
using Tiebreak.Core.Judging;
using Tiebreak.Data;
using Tiebreak.Reports.Documents;
using Tiebreak.Text;
using Tiebreak.Transformers;
using Tiebreak.Transformers.Judges;
using Tiebreak.Transformers.Planning;
using static Tiebreak.Cli.Verbs.Scoring.PlanTables;

namespace Tiebreak.Cli.Verbs.Scoring;

/// <summary>What tuning a transformer's weights takes in memory, time and money, before it begins: <c>plan --train</c>.</summary>
internal sealed class TuningPlanOptions
{
    private readonly Option<string?> _recipe = new("--train")
    {
        Description = "Instead of --judge: a recipe whose weights learn (of its model config.json is enough); --data are the battles to "
            + "learn from.",
    };
    private readonly Option<string[]> _set = new("--set") { Description = "With --train: change the recipe: key=value." };
    private readonly Option<double?> _price = new("--price") { Description = "With --model, --train: what an hour costs." };
    private readonly DeviceOption _device;

    public TuningPlanOptions(Command verb, DeviceOption device)
    {
        _device = device;
        verb.Add(_recipe);
        verb.Add(_set);
        verb.Add(_price);
    }

    /// <summary>The recipe that the command line names; null: none.</summary>
    public string? Recipe(ParseResult parse) => parse.GetValue(_recipe);

    /// <summary>What an hour of the machine costs; null where nobody said.</summary>
    /// <exception cref="InputException">It is not above 0.</exception>
    public double? Price(ParseResult parse) => parse.GetValue(_price) is <= 0
        ? throw new InputException("--price must be above 0.")
        : parse.GetValue(_price);

    public async Task RunAsync(ParseResult parse, Session session, string data, TimeSpan? budget, CancellationToken cancellationToken)
    {
        var file = RecipeFile.Load(Recipe(parse)!, parse.GetValue(_set) ?? []);
        var recipe = ReadRecipe(file.Recipe);
        var set = await session.RunAsync(context => BattleFiles.LoadAsync(context, [data], BattlePurpose.Explore, cancellationToken));
        var plan = new PlanTuning
        {
            Recipe = recipe,
            Validation = file.Validation,
            Battles = set.Battles,
            Target = file.Target,
            Device = parse.GetRequiredValue(_device),
            EstimateTokens = TokenEstimate.Of,
            PriceAnHour = Price(parse),
            Threads = session.Threads,
        }.Run(cancellationToken);
        var memory = plan.Memory;
        session.Show(Memory(plan), Devices(memory.TotalBytes, memory.MappedBytes, plan.MemoryHereBytes));
        var estimate = plan.TokensEstimated ? $" ({TokenEstimate.Accuracy}: the folder holds no tokenizer)" : "";
        session.Say($"{Quantity.Of(plan.Battles, "battle")}, {file.Validation}: {Quantity.Of(plan.Steps, "step")} on {plan.Tokens:N0} "
            + $"tokens{estimate}, the longest text {plan.Longest:N0}; models are asked about {plan.AskedTokens:N0} more.");
        if (plan.HeapHasHoles)
        {
            session.Say("It takes up to half more on this machine, whose C library leaves holes between tensors of many sizes: only with "
                + "Tiebreak's libtorch on Linux on x64 do tensors have memory of their own.");
        }

        if (plan.MaskedTokens > 0)
            session.Say($"Before that, masked tokens are guessed in {plan.MaskedTokens:N0} tokens of text.");
        var basis = plan.IsMeasured
            ? "by steps of a model with few layers of these sizes that were measured here"
            : $"at {PlanCheckpoint.UsualCardRate / 1e12:0} TFLOP/s, about what a T4 gives in float16, for there is no CUDA device here to "
                + "measure";
        var cost = plan.Cost is { } money ? $" It costs {money:0.00} at that price an hour." : "";
        session.Say($"Estimated time, {basis}: {Duration(plan.Seconds)}, {plan.TokensPerSecond:N0} tokens/s.{cost}");
        if (budget is { } limit)
        {
            var answer = plan.Seconds <= limit.TotalSeconds ? "it fits" : "it does not fit";
            session.Say($"By this estimate {answer} into {Duration(limit.TotalSeconds)}.");
        }

        session.Emit(plan, () => ModelJson.Default.TuningPlan);
    }

    private static JudgeRecipe ReadRecipe(Recipe recipe) =>
        string.Equals(recipe.Kind, new TransformerJudgeFormat().Kind, StringComparison.Ordinal)
            && JudgeRecipe.Read(recipe) is { Tuning: not null } tuned
            ? tuned
            : throw new InputException(
                "plan --train is for recipes of kind transformer with a section tuning: other judges train in minutes, and train says how "
                + "far they are.");

    private static TextTable Memory(TuningPlan plan)
    {
        var memory = plan.Memory;
        return new TextTable(
            $"{plan.ModelType} with {plan.Parameters:N0} parameters, of which with adapter and head {plan.LearnedParameters:N0} learn, in "
                + plan.Dtype,
            ["Memory", "Size"],
            [
                ["Weights of the model", Size(memory.BaseBytes)],
                ["What learns, and its gradients", Size(memory.LearnedBytes)],
                ["The optimiser", Size(memory.OptimiserBytes)],
                ["What the backward pass needs of the forward pass", Size(memory.ActivationBytes)],
                ["The program itself, about", Size(memory.ProgramBytes)],
                ["All of it", Size(memory.TotalBytes)],
            ]);
    }
}
