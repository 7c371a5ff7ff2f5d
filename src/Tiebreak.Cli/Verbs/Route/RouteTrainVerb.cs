using System.CommandLine;
using Tiebreak.App;
using Tiebreak.App.Routing;
using Tiebreak.Core;
using Tiebreak.Features.Routing;
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
    private readonly EmbedderOption _embedder = new("prompts are also read by their meaning.");

    public RouteTrainVerb(Surface surface)
        : base("train", "Learn from votes which model is good enough for which prompt, and save that as a policy.", surface)
    {
        _by.AcceptOnlyFromAmong("cost", "seconds");
        _prompts.AcceptOnlyFromAmong("auto", "always", "never");
        Add(_battles);
        foreach (var option in (Option[])[_costs, _reference, _out, _models, _threshold, _by, _prompts, _embedder, _folds])
            Add(option);
        _curve = new CurveOptions(this);
        AddInputOptions();
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
        await using var embedder = await _embedder.OpenAsync(parse, session, cancellationToken);
        var training = new TrainRoutingPolicy
        {
            Format = new PromptRatingsFormat(),
            Data = parse.GetRequiredValue(_battles),
            Costs = parse.GetRequiredValue(_costs),
            Reference = parse.GetRequiredValue(_reference),
            Out = parse.GetRequiredValue(_out),
            Models = parse.GetValue(_models) ?? [],
            Threshold = parse.GetValue(_threshold),
            Objective = parse.GetValue(_by) is "seconds" ? RoutingObjective.Seconds : RoutingObjective.Cost,
            Prompts = Enum.Parse<PromptUse>(parse.GetRequiredValue(_prompts), ignoreCase: true),
            Embedder = embedder,
            Folds = parse.GetValue(_folds),
        };
        var document = await session.RunAsync(context => training.RunAsync(context, cancellationToken));
        session.Show(document.Sections());
        _curve.Write(parse, session, document.ToCsv, document.Plot);
        session.Say($"Saved the policy in {document.Policy}. `tiebreak route choose {document.Policy} --prompt \"...\"` asks it.");
        session.Emit(document, () => AppJson.Default.RoutingTrainingDocument);
        return TiebreakCommand.Ok;
    }
}
