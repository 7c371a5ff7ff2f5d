using System.CommandLine;
using System.Text.Json.Nodes;
using Tiebreak.Boosting.Routing;
using Tiebreak.Cli.Output;
using Tiebreak.Cli.Output.Route;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Data;
using Tiebreak.Ratings.Routing;

namespace Tiebreak.Cli.Verbs.Route;

internal sealed class RouteTrainVerb : Verb
{
    private readonly Argument<string[]> _battles = new("battles")
    {
        Description = "Battles with model names and verdicts, in any format that Tiebreak reads.",
        Arity = ArgumentArity.OneOrMore,
    };
    private readonly Option<string> _costs = new("--costs")
    {
        Description = "YAML or CSV: model, then input_per_million and output_per_million (tokens) or per_answer, seconds, output_tokens.",
        Required = true,
    };
    private readonly Option<string> _reference = new("--reference")
    {
        Description = "The strong model that an answer must win or tie against.",
        Required = true,
    };
    private readonly Option<string> _out = new("--out") { Description = "Folder of the policy to write.", Required = true };
    private readonly Option<string[]> _models = new("--models")
    {
        Description = "The models that may be chosen. Default: all with costs.",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<double> _threshold = new("--threshold")
    {
        Description = "The probability to win or tie that is good enough, unless another is given later.",
        DefaultValueFactory = _ => 0.5,
    };
    private readonly Option<string> _by = new("--by") { Description = "What to save: cost, seconds.", DefaultValueFactory = _ => "cost" };
    private readonly Option<string> _prompts = new("--prompts")
    {
        Description = "Look at the words of prompts: auto (only if that helps beyond chance), always, never.",
        DefaultValueFactory = _ => "auto",
    };

    private readonly Option<int> _folds = new("--folds")
    {
        Description = "Prompt-grouped folds of the cross-validation.",
        DefaultValueFactory = _ => 5,
    };
    private readonly CurveOptions _curve;

    public RouteTrainVerb(Surface surface)
        : base("train", "Learn from votes which model is good enough for which prompt, and save that as a policy.", surface)
    {
        _by.AcceptOnlyFromAmong("cost", "seconds");
        _prompts.AcceptOnlyFromAmong("auto", "always", "never");
        Add(_battles);
        foreach (var option in (Option[])[_costs, _reference, _out, _models, _threshold, _by, _prompts, _folds])
            Add(option);
        _curve = new CurveOptions(this);
        Examples =
        [
            "route train battles.jsonl --costs costs.yaml --reference gpt-4 --out policy",
            "route train battles.jsonl --costs costs.csv --reference gpt-4 --by seconds --out policy --plot curve.svg",
        ];
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        if (parse.GetValue(_folds) is < 2 or > 100)
            throw new InputException("--folds must be from 2 to 100.");
        var (folder, costs) = (parse.GetRequiredValue(_out), Costs(parse));
        var set = await BattleLoading.LoadAsync(session, parse.GetRequiredValue(_battles), BattlePurpose.Train, cancellationToken);
        var battles = RoutingBattles.Named(set.Battles);
        WarnOfTheRest(session, set, battles, costs);
        var training = new RoutingTraining
        {
            Format = new PromptRatingsFormat(),
            Reference = parse.GetRequiredValue(_reference),
            Costs = costs,
            Out = folder,
            Data = set.Files,
            Objective = parse.GetValue(_by) is "seconds" ? RoutingObjective.Seconds : RoutingObjective.Cost,
            Threshold = parse.GetValue(_threshold),
            Prompts = parse.GetValue(_prompts) switch { "always" => PromptUse.Always, "never" => PromptUse.Never, _ => PromptUse.Auto },
            Folds = parse.GetValue(_folds),
            Seed = session.Seed,
            Threads = session.Threads,
        };
        var outcome = await ProgressDisplay.RunAsync(session, progress => training.RunAsync(battles, progress, cancellationToken));

        RouteTables.Show(session, outcome.Gain);
        session.Say(outcome.Manifest.PromptsReason);
        RouteTables.ShowTelling(session, outcome.Manifest);
        RouteTables.Show(session, outcome.Manifest, outcome.Curve);
        _curve.Write(parse, session, outcome.Manifest, outcome.Curve);
        session.Say($"Saved the policy in {folder}. `tiebreak route choose {folder} --prompt \"...\"` asks it.");
        session.Emit(new JsonObject
        {
            ["policy"] = folder,
            ["uses_prompts"] = outcome.Manifest.UsesPrompts,
            ["prompts_reason"] = outcome.Manifest.PromptsReason,
            ["validation"] = outcome.Manifest.Validation.DeepClone(),
            ["training"] = outcome.Manifest.Training.DeepClone(),
            ["problems"] = ProblemList.ToJson(set),
        });
        return TiebreakCommand.Ok;
    }

    private IReadOnlyList<ModelCost> Costs(ParseResult parse)
    {
        var costs = CostFile.Read(parse.GetRequiredValue(_costs));
        if (parse.GetValue(_models) is not { Length: > 0 } models)
            return costs;
        var wanted = models.Append(parse.GetRequiredValue(_reference)).Distinct(StringComparer.Ordinal).ToList();
        return wanted.Find(model => !costs.Any(cost => string.Equals(cost.Model, model, StringComparison.Ordinal))) is { } missing
            ? throw new InputException(
                $"{parse.GetRequiredValue(_costs)} does not say what {missing} costs. Add it, or leave it out of --models.")
            : [.. costs.Where(cost => wanted.Contains(cost.Model, StringComparer.Ordinal))];
    }

    private static void WarnOfTheRest(Session session, BattleSet set, IReadOnlyList<Battle> battles, IReadOnlyList<ModelCost> costs)
    {
        if (battles.Count < set.Battles.Count)
        {
            session.Warn(
                $"{set.Battles.Count - battles.Count:N0} battles have no verdict, no model names or one model twice, and were left out.");
        }

        var priced = costs.Select(cost => cost.Model).ToHashSet(StringComparer.Ordinal);
        var others = battles.SelectMany(battle => new[] { battle.ModelA!, battle.ModelB! }).CountBy(model => model, StringComparer.Ordinal)
            .Where(model => !priced.Contains(model.Key)).OrderByDescending(model => model.Value).Select(model => model.Key).ToList();
        if (others.Count > 0)
        {
            session.Warn(
                $"nothing says what {string.Join(", ", others.Take(8))}{(others.Count > 8 ? $" and {others.Count - 8} more" : "")} cost, "
                + "so they are never chosen; their votes still help to learn.");
        }
    }
}
