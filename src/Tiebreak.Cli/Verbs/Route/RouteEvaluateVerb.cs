using System.CommandLine;
using Tiebreak.Boosting.Routing;
using Tiebreak.Cli.Output;
using Tiebreak.Cli.Output.Route;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Data;
using Tiebreak.Ratings.Routing;

namespace Tiebreak.Cli.Verbs.Route;

internal sealed class RouteEvaluateVerb : Verb
{
    private readonly Argument<string> _policy = new("policy") { Description = "Folder of the policy." };
    private readonly Option<string[]> _data = new("--data") { Description = "New battles with model names and verdicts.", Required = true, AllowMultipleArgumentsPerToken = true };
    private readonly CurveOptions _curve;

    public RouteEvaluateVerb(Surface surface)
        : base("evaluate", "Measure what a policy costs and how good it is, on votes that it has not seen.", surface)
    {
        Add(_policy);
        Add(_data);
        _curve = new CurveOptions(this);
        Examples = ["route evaluate policy --data new-battles.jsonl --csv curve.csv --plot curve.svg"];
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var policy = await RoutingPolicy.OpenAsync(parse.GetRequiredValue(_policy), new PromptRatingsFormat(), cancellationToken);
        session.Note(policy.Notice);
        var set = await BattleLoading.LoadAsync(session, parse.GetRequiredValue(_data), BattlePurpose.Train, cancellationToken);
        var (battles, seen, unknown) = Usable(policy, RoutingBattles.Named(set.Battles));
        var isNew = battles.Count > seen.Count;
        if (seen.Count > 0)
        {
            session.Warn(isNew
                ? $"the policy was trained on the prompts of {seen.Count:N0} of {battles.Count:N0} battles; only the other {battles.Count - seen.Count:N0} count here."
                : $"the policy was trained on the prompts of all {battles.Count:N0} battles: what follows says nothing about new prompts. What `tiebreak route train` printed does.");
        }

        if (unknown > 0)
            session.Warn($"{unknown:N0} battles are about models that the policy does not know, and were left out.");

        var result = RoutingEvaluation.Of(policy, new LabelledBattles(isNew ? [.. battles.Where(battle => !seen.Contains(battle))] : battles));
        RouteTables.Show(session, result.Gain);
        session.Say(policy.Manifest.PromptsReason);
        RouteTables.Show(session, policy.Manifest, result.Curve);
        _curve.Write(parse, session, policy.Manifest, result.Curve);
        var json = RoutingJson.Of(result.Gain, result.Curve);
        json["uses_prompts"] = policy.Manifest.UsesPrompts;
        json["seen_votes"] = seen.Count;
        json["unknown_votes"] = unknown;
        json["problems"] = ProblemList.ToJson(set);
        session.Emit(json);
        return TiebreakCommand.Ok;
    }

    private static (IReadOnlyList<Battle> Battles, HashSet<Battle> Seen, int Unknown) Usable(RoutingPolicy policy, IReadOnlyList<Battle> named)
    {
        var models = policy.Predictor.Models.ToHashSet(StringComparer.Ordinal);
        var battles = named.Where(battle => models.Contains(battle.ModelA!) && models.Contains(battle.ModelB!)).ToList();
        if (battles.Count == 0)
            throw new InputException($"No battle is between models that the policy knows: {string.Join(", ", policy.Predictor.Models.Take(8))}{(policy.Predictor.Models.Count > 8 ? " ..." : "")}.");
        var seen = policy.ReadSeen();
        return (battles, battles.Where(seen.HasPrompt).ToHashSet<Battle>(ReferenceEqualityComparer.Instance), named.Count - battles.Count);
    }
}
