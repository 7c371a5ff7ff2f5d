using System.CommandLine;
using Tiebreak.App;
using Tiebreak.App.Curation;
using Tiebreak.Data.Cleaning;

namespace Tiebreak.Cli.Verbs.Data;

internal sealed class CleanVerb : Verb
{
    private readonly Option<string[]> _data = new("--data")
    {
        Description = "Battles to clean.",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<string> _out = new("--out")
    {
        Description = "The file to write: .jsonl, .jsonl.gz, .parquet or .csv.",
        Required = true,
    };
    private readonly Option<string[]> _rules = new("--rules")
    {
        Description = "Rules to apply instead of the usual ones: "
            + string.Join(", ", CleaningRule.All.Select(rule => rule.OnByDefault ? rule.Name + " (usual)" : rule.Name)) + ".",
        HelpName = "rule",
        AllowMultipleArgumentsPerToken = true,
    };

    public CleanVerb(Surface surface)
        : base("clean", "Drop or relabel battles by named rules, each counted.", surface)
    {
        Add(_data);
        Add(_out);
        Add(_rules);
        AddInputOptions();
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var cleaning = new CleanBattles
        {
            Data = parse.GetRequiredValue(_data),
            Out = parse.GetRequiredValue(_out),
            Rules = parse.GetValue(_rules) ?? [],
        };
        session.Report(
            await session.RunAsync(context => cleaning.RunAsync(context, cancellationToken)), () => AppJson.Default.CleaningDocument);
        session.Say("`--json` lists the ids.");
        return TiebreakCommand.Ok;
    }
}
