using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Tiebreak.Runs.Planning;
using Tiebreak.Runs.Status;

namespace Tiebreak.Cli.Verbs.Scoring;

internal sealed class StatusVerb : Verb
{
    private const int FailuresShown = 20;

    private readonly Option<string> _run = new("--run") { Description = "Folder of the run.", Required = true };

    public StatusVerb(Surface surface)
        : base("status", "Say where a scoring run stands: progress, speed, time left, workers, battles that broke the judge.", surface)
    {
        Add(_run);
        Examples = ["status --run submission.csv.run", "status --run submission.csv.run --json"];
    }

    protected override Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var status = RunStatus.Read(parse.GetRequiredValue(_run));
        foreach (var pass in status.Passes)
            session.Say(Format($"{PassName(pass.Pass)}: {pass.Done:N0} of {pass.Total:N0} battles ({(double)pass.Done / pass.Total:P1})"));
        var isJudged = status.Passes.All(pass => pass.Done == pass.Total);
        if (status.RowsPerSecond is { } speed && !status.HasEnded && !isJudged)
            session.Say(Format($"Lately {speed:N1} battles/s; everything would be finished in {status.Left:d\\.hh\\:mm\\:ss}."));
        if (status.Stop is { } stop && !status.HasEnded)
            session.Say(Format($"The judges stop at {stop.ToLocalTime():yyyy-MM-dd HH:mm:ss}, finished or not."));
        foreach (var worker in status.Workers)
        {
            session.Say(Format($"{worker.Shard}: process {worker.Process} on {worker.Machine}, ")
                + Format($"since {worker.Taken.ToLocalTime():HH:mm:ss}{(worker.IsGone ? ", which is dead" : "")}"));
        }

        foreach (var row in status.Failed.Take(FailuresShown))
            session.Say(Format($"Battle {row.Id} broke the judge: {row.Reason}"));
        session.Say((status.HasEnded, isJudged, status.Workers.Any(worker => !worker.IsGone)) switch
        {
            (true, _, _) => "The run has ended.",
            (_, true, _) => "Everything is judged. If no `tiebreak predict` is running, one with --resume writes the submission.",
            (_, _, true) => "The run goes on.",
            _ => "Nobody works on the run; `tiebreak predict --resume` goes on.",
        });
        session.Emit(ToJson(status));
        return Task.FromResult(TiebreakCommand.Ok);
    }

    private static JsonObject ToJson(RunStatus status) => new()
    {
        ["passes"] = new JsonArray([.. status.Passes.Select(pass =>
            new JsonObject { ["pass"] = pass.Pass.ToString().ToLowerInvariant(), ["done"] = pass.Done, ["total"] = pass.Total })]),
        ["ended"] = status.HasEnded,
        ["rows_per_second"] = status.RowsPerSecond,
        ["seconds_left"] = status.Left?.TotalSeconds,
        ["stop"] = status.Stop?.ToString("O", CultureInfo.InvariantCulture),
        ["workers"] = new JsonArray([.. status.Workers.Select(worker => new JsonObject
        {
            ["shard"] = worker.Shard,
            ["machine"] = worker.Machine,
            ["process"] = worker.Process,
            ["taken"] = worker.Taken.ToString("O", CultureInfo.InvariantCulture),
            ["gone"] = worker.IsGone,
        })]),
        ["failed"] = new JsonArray([.. status.Failed.Select(row => new JsonObject { ["id"] = row.Id, ["reason"] = row.Reason })]),
    };

    private static string PassName(RunPass pass) => pass switch
    {
        RunPass.Fallback => "Fallback judge",
        RunPass.First => "First order",
        _ => "Second order",
    };

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
