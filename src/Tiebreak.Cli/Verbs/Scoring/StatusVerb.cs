using System.CommandLine;
using Tiebreak.App;
using Tiebreak.App.Predicting;

namespace Tiebreak.Cli.Verbs.Scoring;

internal sealed class StatusVerb : Verb
{
    private readonly Option<string> _run = new("--run") { Description = "Folder of the run.", Required = true };

    public StatusVerb(Surface surface)
        : base("status", "Say where a scoring run stands: progress, speed, time left, workers, battles that broke the judge.", surface)
    {
        Add(_run);
        Examples = ["status --run submission.csv.run", "status --run submission.csv.run --json"];
    }

    protected override Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var status = ReadRunStatus.Of(parse.GetRequiredValue(_run));
        session.Report(status, () => AppJson.Default.StatusDocument);
        if (!status.Ended && status.Workers.All(worker => worker.Gone))
            session.Say("`tiebreak predict --resume` goes on with it.");
        return Task.FromResult(TiebreakCommand.Ok);
    }
}
