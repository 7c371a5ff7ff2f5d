using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Tiebreak.Cli.Output;
using Tiebreak.Cli.Verbs.Scoring;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Json;
using Tiebreak.Core.Judging;
using Tiebreak.Data;
using Tiebreak.Data.Submissions;
using Tiebreak.Runs;

namespace Tiebreak.Cli.Verbs;

internal sealed class PredictVerb : Verb
{
    private const string RehearsalName = "rehearsal";
    private const int FailuresShown = 5;

    private readonly Option<string> _judge = new("--judge") { Description = "Folder of the judge's bundle.", Required = true };
    private readonly Option<string> _data = new("--data") { Description = "Battles to predict, in any format that Tiebreak reads.", Required = true };
    private readonly Option<string?> _out = new("--out") { Description = "The submission to write." };
    private readonly Option<string> _swap = new("--swap")
    {
        Description = "Judge both orders of A and B: auto (as the bundle says), always, never.",
        DefaultValueFactory = _ => "auto",
    };

    private readonly Option<string?> _asLabels = new("--as-labels") { Description = "Instead of a submission: the battles with soft labels, as JSONL (.gz, .zst)." };
    private readonly Option<int?> _rehearse = new("--rehearse") { Description = "Instead of a real test: so many battles drawn from --data, the nastiest among them." };
    private readonly StatesOption _states = new();
    private readonly RunOptions _run;

    public PredictVerb(Surface surface)
        : base("predict", "Predict what people prefer, for every row of a file, as a submission.", surface)
    {
        _swap.AcceptOnlyFromAmong("auto", "always", "never");
        Add(_judge);
        Add(_data);
        Add(_out);
        Add(_swap);
        Add(_asLabels);
        Add(_rehearse);
        Add(_states);
        _rehearse.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<int?>() is < 1 or > 1_000_000)
                result.AddError("--rehearse must be from 1 to 1,000,000.");
        });
        _run = new RunOptions(this, Device);
        AddJudgeOptions();
        Examples =
        [
            "predict --judge judge --data test.csv --out submission.csv",
            "predict --judge judge --data test.csv --out submission.csv --budget 9h --detach",
            "predict --judge judge --data test.csv --out submission.csv --run run --resume --workers 2",
            "predict --judge judge --data test.csv --out submission.csv --device cpu,cpu",
            "predict --judge judge --data train.csv --rehearse 25000 --budget 9h",
            "predict --judge judge --data unlabelled.jsonl.gz --as-labels soft.jsonl.zst",
        ];
    }

    protected override bool SharesDevices => true;

    /// <summary>Predicts a file and writes the submission.</summary>
    /// <returns>Statistics, and the exit code.</returns>
    public static async Task<(JsonObject Statistics, int ExitCode)> PredictAsync(
        Session session, Bundle bundle, IJudge judge, string? fallback, string data, string path, CancellationToken cancellationToken)
    {
        var exitCode = TiebreakCommand.Ok;
        var set = await BattleLoading.LoadAsync(session, [data], BattlePurpose.Test, cancellationToken);
        if (bundle.Manifest.Data.Any(trained => string.Equals(trained.Sha256, set.Files[0].Sha256, StringComparison.Ordinal)))
            session.Warn($"the judge was trained on {data} itself, so its preferences there are better than on new battles.");

        var statistics = await JudgeLosses.WithAsync(
            session, bundle.OneOrder, set.Battles, isTimed: false, WriteAsync, cancellationToken);
        return (statistics, exitCode);

        async Task<JsonObject> WriteAsync()
        {
            var clock = Stopwatch.StartNew();
            var prediction = await JudgeOrFallBackAsync(session, bundle, judge, fallback, set, cancellationToken);
            exitCode = prediction.IsMostlyJudged ? TiebreakCommand.Ok : TiebreakCommand.Failed;
            return Write(session, prediction, set, path, clock.Elapsed.TotalSeconds);
        }
    }

    private static async Task<DirectPrediction> JudgeOrFallBackAsync(
        Session session, Bundle bundle, IJudge judge, string? fallback, BattleSet set, CancellationToken cancellationToken)
    {
        var prediction = await ProgressDisplay.RunAsync(session, progress => DirectPrediction.JudgeAsync(
            judge, set.Battles, bundle.Manifest.Prior, session.Warn, new JudgeStage(progress, set.Battles.Count), cancellationToken));
        if (prediction.Failed.Count == 0)
            return prediction;

        if (fallback is not null)
        {
            await using var second = await session.OpenJudgeAsync(fallback, cancellationToken);
            prediction = await prediction.WithFallbackAsync(second.Judge, set.Battles, session.Warn, cancellationToken);
        }

        WarnOfFailures(session, prediction, fallback is null ? "the class shares" : "the fallback's preference");
        return prediction;
    }

    private static void WarnOfFailures(Session session, DirectPrediction prediction, string substitute)
    {
        var failed = prediction.Failed;
        foreach (var row in failed.Take(FailuresShown))
            session.Warn($"battle {row.Id} broke the judge and gets {substitute}: {row.Reason}");
        if (failed.Count > FailuresShown)
            session.Warn($"{failed.Count:N0} battles broke the judge and get {substitute}; the first {FailuresShown} are above.");
        if (!prediction.IsMostlyJudged)
            session.Warn("More than a fifth of the battles broke the judge, so this counts as a failure.");
    }

    private static JsonObject Write(Session session, DirectPrediction prediction, BattleSet set, string path, double seconds)
    {
        var preferences = prediction.Preferences;
        SubmissionFile.Write(path, [.. set.Battles.Select(battle => battle.Id)], preferences);

        var mean = new Preference(preferences.Average(p => p.A), preferences.Average(p => p.B), preferences.Average(p => p.Tie));
        session.Say($"Wrote {path}: {preferences.Count:N0} rows in {seconds:F1} s ({preferences.Count / seconds:N0} rows/s), " +
            $"mean preference A {mean.A:P1}, B {mean.B:P1}, tie {mean.Tie:P1}.");
        return new JsonObject
        {
            ["rows"] = preferences.Count,
            ["failed"] = new JsonArray([.. prediction.Failed.Select(row => new JsonObject { ["id"] = row.Id, ["reason"] = row.Reason })]),
            ["problems"] = ProblemList.ToJson(set),
            ["seconds"] = seconds,
            ["rows_per_second"] = preferences.Count / seconds,
            ["mean_preference"] = MetricJson.Of(mean),
            ["out"] = path,
        };
    }

    /// <summary>Judges battles with progress.</summary>
    public static Task<Preference[]> JudgeAsync(
        Session session, IJudge judge, IReadOnlyList<Battle> battles, CancellationToken cancellationToken) =>
        ProgressDisplay.RunAsync(session, progress => judge.JudgeAsync(battles, new JudgeStage(progress, battles.Count), cancellationToken));

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var (folder, data, path) = (parse.GetRequiredValue(_judge), parse.GetRequiredValue(_data), parse.GetValue(_out));
        var (labels, rehearse) = (parse.GetValue(_asLabels), parse.GetValue(_rehearse));
        if (new[] { path is not null, labels is not null, rehearse is not null }.Count(given => given) != 1)
            throw new InputException("Say what to write: --out FILE for a submission, --as-labels FILE for soft labels, or --rehearse ROWS to practise.");
        if (labels is not null && _run.AreGiven(parse))
            throw new InputException("--as-labels streams the file and cannot be a run: leave out --run, --resume, --budget, --until, --workers, --fallback, --detach and several devices.");
        session = _states.In(parse, session);
        if (session.States is not null && (labels is not null || rehearse is not null || _run.AreGiven(parse)))
            throw new InputException("--states is for a prediction in one go: leave out --as-labels, --rehearse, --run, --resume, --budget, --until, --workers, --fallback, --detach and several devices.");
        if (_run.Detach(parse))
            return await DetachAsync(parse, session, _run.Folder(parse, path is null ? RehearsalName : $"{path}.run"));

        var (deadline, fallback) = (_run.Deadline(parse), _run.Fallback(parse, folder));
        await using var bundle = await _run.OfWorker(parse, session, worker: 0).OpenJudgeAsync(folder, cancellationToken);
        var judge = parse.GetRequiredValue(_swap) switch
        {
            "always" => bundle.WithSwap(SwapPolicy.Always),
            "never" => bundle.WithSwap(SwapPolicy.Never),
            _ => bundle.Judge,
        };
        if (labels is not null)
            session.Emit(await LabelPrediction.RunAsync(session, judge, data, labels, cancellationToken));
        else if (rehearse is { } rows)
            session.Emit(await Rehearsal.RunAsync(session, bundle, (folder, fallback, data, _run.Folder(parse, RehearsalName)), rows, Adapt, cancellationToken));
        else if (_run.AreGiven(parse))
            session.Emit(await RunAsync(path!));
        else
            return await PredictAllAsync(path!);
        return TiebreakCommand.Ok;

        async Task<int> PredictAllAsync(string submission)
        {
            var (statistics, exitCode) = await PredictAsync(session, bundle, judge, fallback, data, submission, cancellationToken);
            session.Emit(statistics);
            return exitCode;
        }

        RunRequest Adapt(RunRequest request) => request with
        {
            SecondOrder = RunOptions.SecondOrder(parse.GetRequiredValue(_swap), bundle.Manifest.Swap, deadline is not null),
            Resume = _run.Resume(parse),
            Deadline = deadline,
            Workers = _run.Workers(parse),
            StartWorker = (number, cancel) => WorkerProcess.RunAsync(request, _run.OfWorker(parse, session, number), cancel),
        };

        async Task<JsonObject> RunAsync(string submission)
        {
            var set = await BattleLoading.LoadAsync(session, [data], BattlePurpose.Test, cancellationToken);
            return await JudgeLosses.WithAsync(
                session, bundle.OneOrder, set.Battles, isTimed: deadline is not null, PredictAsync, cancellationToken);

            Task<JsonObject> PredictAsync() => RunPrediction.RunAsync(session, bundle, folder, fallback, set, Request, cancellationToken);

            RunRequest Request(RunJudge runJudge) => Adapt(new RunRequest
            {
                Folder = _run.Folder(parse, $"{submission}.run"),
                Data = set,
                DataPath = data,
                Judge = runJudge,
                Out = submission,
                SecondOrder = SecondOrder.None,
            });
        }
    }

    private async Task<int> DetachAsync(ParseResult parse, Session session, string folder)
    {
        var log = $"{folder}.log";
        var arguments = parse.Tokens.Select(token => token.Value).Where(token => !string.Equals(token, _run.DetachName, StringComparison.Ordinal));
        string[] run = _run.HasFolder(parse) ? [] : ["--run", folder];
        var process = await WorkerProcess.DetachAsync([.. arguments, .. run], log);
        session.Say($"Process {process} goes on in the background; {log} holds what it says, and `tiebreak status --run {folder}` says how far it is.");
        session.Emit(new JsonObject { ["process"] = process, ["run"] = folder, ["log"] = log });
        return TiebreakCommand.Ok;
    }

    private sealed class JudgeStage(IProgress<JobProgress> progress, int total) : IProgress<int>
    {
        public void Report(int value) => progress.Report(new JobProgress("judging", value, total));
    }
}
