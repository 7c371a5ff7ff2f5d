using System.CommandLine;
using Tiebreak.App;
using Tiebreak.App.Predicting;

namespace Tiebreak.Cli.Verbs.Scoring;

internal sealed class WorkerVerb : Verb
{
    private readonly Option<string> _run = new("--run") { Description = "Folder of the run.", Required = true };
    private readonly Option<string?> _judge = new("--judge")
    {
        Description = "Where the judge's bundle lies on this machine, if elsewhere.",
    };
    private readonly Option<string?> _data = new("--data") { Description = "Where the data lies on this machine, if elsewhere." };
    private readonly Option<string?> _fallback = new("--fallback")
    {
        Description = "Where the fallback's bundle lies on this machine, if elsewhere.",
    };

    private readonly Option<string?> _numbers = new("--numbers")
    {
        Description = "Where the file of numbers lies on this machine, if elsewhere.",
    };

    public WorkerVerb(Surface surface)
        : base("worker", "Join a scoring run with one more process, on this machine or another that sees its folder.", surface)
    {
        Add(_run);
        Add(_judge);
        Add(_data);
        Add(_fallback);
        Add(_numbers);
        AddInputOptions(ofTestRows: true);
        AddJudgeOptions();
        AddMembersOption();
        Examples = ["worker --run submission.csv.run", "worker --run /mnt/run --judge judge --data test.csv --threads 8"];
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var joining = new JoinRun
        {
            Folder = parse.GetRequiredValue(_run),
            Judge = parse.GetValue(_judge),
            Data = parse.GetValue(_data),
            Fallback = parse.GetValue(_fallback),
            Numbers = parse.GetValue(_numbers),
        };
        session.Report(await session.RunAsync(context => joining.RunAsync(context, cancellationToken)), () => AppJson.Default.JoinedRun);
        return TiebreakCommand.Ok;
    }
}
