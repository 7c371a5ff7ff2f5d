using System.CommandLine;
using System.Text.Json.Nodes;
using Tiebreak.Cli.Output;
using Tiebreak.Data;
using Tiebreak.Data.Cleaning;

namespace Tiebreak.Cli.Verbs.Data;

internal sealed class CleanVerb : Verb
{
    private readonly Option<string[]> _data = new("--data") { Description = "Battles to clean.", Required = true, AllowMultipleArgumentsPerToken = true };
    private readonly Option<string> _out = new("--out") { Description = "The file to write: .jsonl, .jsonl.gz, .parquet or .csv.", Required = true };
    private readonly Option<string[]> _rules = new("--rules")
    {
        Description = "Rules to apply instead of the usual ones: " + string.Join(", ", CleaningRule.All.Select(rule => rule.OnByDefault ? rule.Name + " (usual)" : rule.Name)) + ".",
        HelpName = "rule",
        AllowMultipleArgumentsPerToken = true,
    };

    public CleanVerb(Surface surface)
        : base("clean", "Drop or relabel battles by named rules, each counted.", surface)
    {
        Add(_data);
        Add(_out);
        Add(_rules);
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var path = parse.GetRequiredValue(_out);
        var rules = parse.GetValue(_rules) is { Length: > 0 } names ? names.Select(CleaningRule.Named).ToList() : null;
        var set = await BattleLoading.LoadAsync(session, parse.GetRequiredValue(_data), BattlePurpose.Explore, cancellationToken);
        var report = Cleaner.Clean(set.Battles, rules, session.Threads, cancellationToken);
        ConvertVerb.Write(path, report.Battles);

        session.Show(new TextTable(
            "Rules", ["Rule", "Dropped", "Relabelled", "What it does"],
            [.. report.Rules.Select(outcome => new[] { outcome.Rule.Name, $"{outcome.Dropped:N0}", $"{outcome.Relabelled:N0}", outcome.Rule.Description })]).ToTerminal());
        session.Say($"Wrote {path}: {report.Battles.Count:N0} of {report.Before:N0} battles. `--json` lists the ids.");
        session.Emit(new JsonObject
        {
            ["out"] = path,
            ["before"] = report.Before,
            ["rows"] = report.Battles.Count,
            ["rules"] = new JsonArray([.. report.Rules.Select(outcome => new JsonObject
            {
                ["rule"] = outcome.Rule.Name,
                ["dropped"] = Ids(outcome, CleaningAction.Dropped),
                ["relabelled"] = Ids(outcome, CleaningAction.Relabelled),
            })]),
        });
        return TiebreakCommand.Ok;
    }

    private static JsonArray Ids(RuleOutcome outcome, CleaningAction action) =>
        new([.. outcome.Touched.Where(battle => battle.Action == action).Select(battle => JsonValue.Create(battle.Id))]);
}
