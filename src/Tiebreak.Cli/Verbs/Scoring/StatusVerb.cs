using System.CommandLine;
using Tiebreak.App;
using Tiebreak.App.Predicting;
using Tiebreak.App.Training;
using Tiebreak.Core;

namespace Tiebreak.Cli.Verbs.Scoring;

internal sealed class StatusVerb : Verb
{
    private readonly Option<string?> _run = new("--run") { Description = "Folder of a scoring run." };
    private readonly Option<string?> _work = new("--work")
    {
        Description = "Instead: the work folder of a training, or of a search (`tiebreak tune`).",
    };
    private readonly Option<string?> _report = new("--report")
    {
        Description = "With --work: also write the course of the training as one HTML page.",
    };

    public StatusVerb(Surface surface)
        : base(
            "status",
            "Say where a scoring run or a training stands: progress, speed, time left, workers, battles that broke the judge.",
            surface)
    {
        Add(_run);
        Add(_work);
        Add(_report);
        Examples =
        [
            "status --run submission.csv.run", "status --run submission.csv.run --json", "status --work work",
            "status --work work --report training.html",
        ];
    }

    protected override Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        switch (parse.GetValue(_run), parse.GetValue(_work))
        {
            case ({ } run, null):
                ShowRun(session, run);
                break;
            case (null, { } work):
                ShowWork(session, work, parse.GetValue(_report));
                break;
            default:
                throw new InputException("Give one of --run FOLDER, for a scoring run, and --work FOLDER, for a training.");
        }

        return Task.FromResult(TiebreakCommand.Ok);
    }

    private static void ShowWork(Session session, string folder, string? report)
    {
        var status = ReadTrainingStatus.Of(folder);
        session.Report(status, () => AppJson.Default.TrainingStatusDocument, report);
        if (!status.Ended && status.Gone)
            session.Say("The same command with --resume goes on with it.");
    }

    private static void ShowRun(Session session, string folder)
    {
        var status = ReadRunStatus.Of(folder);
        session.Report(status, () => AppJson.Default.StatusDocument);
        if (!status.Ended && status.Workers.All(worker => worker.Gone))
            session.Say("`tiebreak predict --resume` goes on with it.");
    }
}
