using System.CommandLine;
using System.Text.Json.Nodes;
using Tiebreak.Cli.Output;
using Tiebreak.Data;
using Tiebreak.Runs;

namespace Tiebreak.Cli.Verbs.Scoring;

internal sealed class WorkerVerb : Verb
{
    private readonly Option<string> _run = new("--run") { Description = "Folder of the run.", Required = true };
    private readonly Option<string?> _judge = new("--judge") { Description = "Where the judge's bundle lies on this machine, if elsewhere." };
    private readonly Option<string?> _data = new("--data") { Description = "Where the data lies on this machine, if elsewhere." };
    private readonly Option<string?> _fallback = new("--fallback") { Description = "Where the fallback's bundle lies on this machine, if elsewhere." };

    public WorkerVerb(Surface surface)
        : base("worker", "Join a scoring run with one more process, on this machine or another that sees its folder.", surface)
    {
        Add(_run);
        Add(_judge);
        Add(_data);
        Add(_fallback);
        AddJudgeOptions();
        Examples = ["worker --run submission.csv.run", "worker --run /mnt/run --judge judge --data test.csv --threads 8"];
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var run = parse.GetRequiredValue(_run);
        var manifest = ScoringRun.ReadManifest(run);
        var (judge, data) = (parse.GetValue(_judge) ?? manifest.JudgePath, parse.GetValue(_data) ?? manifest.DataPath);
        var fallback = manifest.FallbackSha256 is null ? null : parse.GetValue(_fallback) ?? RunOptions.OwnFallback(judge) ?? manifest.FallbackPath;

        await using var bundle = await session.OpenJudgeAsync(judge, cancellationToken);
        await using var second = fallback is null ? null : await session.OpenJudgeAsync(fallback, cancellationToken);
        var set = await BattleLoading.LoadAsync(session, [data], BattlePurpose.Test, cancellationToken);
        var runJudge = RunJudge.Of(bundle, judge);
        var finished = await ProgressDisplay.RunAsync(session, progress => ScoringRun.JoinAsync(
            run, set, data, second is null ? runJudge : runJudge.WithFallback(second, fallback!), progress, session.Warn, cancellationToken));

        session.Say(finished ? "Every shard of the run is finished." : "The run's time is up.");
        session.Emit(new JsonObject { ["run"] = run, ["finished"] = finished });
        return TiebreakCommand.Ok;
    }
}
