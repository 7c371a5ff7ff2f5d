using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Tiebreak.Cli.Output;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Json;
using Tiebreak.Core.Judging;
using Tiebreak.Data;
using Tiebreak.Data.Submissions;

namespace Tiebreak.Cli.Verbs;

internal sealed class PredictVerb : Verb
{
    private readonly Option<string> _judge = new("--judge") { Description = "Folder of the judge's bundle.", Required = true };
    private readonly Option<string> _data = new("--data") { Description = "Battles to predict, in any format that Tiebreak reads.", Required = true };
    private readonly Option<string> _out = new("--out") { Description = "The submission to write.", Required = true };
    private readonly Option<string> _swap = new("--swap")
    {
        Description = "Judge both orders of A and B: auto (as the bundle says), always, never.",
        DefaultValueFactory = _ => "auto",
    };

    public PredictVerb(Surface surface)
        : base("predict", "Predict what people prefer, for every row of a file, as a submission.", surface)
    {
        _swap.AcceptOnlyFromAmong("auto", "always", "never");
        Add(_judge);
        Add(_data);
        Add(_out);
        Add(_swap);
    }

    /// <summary>Predicts a file and writes the submission.</summary>
    /// <returns>Statistics of the run.</returns>
    public static async Task<JsonObject> PredictAsync(
        Session session, Bundle bundle, IJudge judge, string data, string path, CancellationToken cancellationToken)
    {
        var set = await BattleLoading.LoadAsync(session, [data], BattlePurpose.Test, cancellationToken);
        if (bundle.Manifest.Data.Any(trained => string.Equals(trained.Sha256, set.Files[0].Sha256, StringComparison.Ordinal)))
            session.Warn($"the judge was trained on {data} itself, so its preferences there are better than on new battles.");

        var clock = Stopwatch.StartNew();
        var preferences = await JudgeAsync(session, judge, set.Battles, cancellationToken);
        var seconds = clock.Elapsed.TotalSeconds;
        SubmissionFile.Write(path, [.. set.Battles.Select(battle => battle.Id)], preferences);

        var mean = new Preference(preferences.Average(p => p.A), preferences.Average(p => p.B), preferences.Average(p => p.Tie));
        session.Say($"Wrote {path}: {preferences.Length:N0} rows in {seconds:F1} s ({preferences.Length / seconds:N0} rows/s), " +
            $"mean preference A {mean.A:P1}, B {mean.B:P1}, tie {mean.Tie:P1}.");
        return new JsonObject
        {
            ["rows"] = preferences.Length,
            ["problems"] = ProblemList.ToJson(set),
            ["seconds"] = seconds,
            ["rows_per_second"] = preferences.Length / seconds,
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
        await using var bundle = await Bundle.OpenAsync(parse.GetRequiredValue(_judge), session.Judges, cancellationToken);
        var judge = parse.GetRequiredValue(_swap) switch
        {
            "always" => bundle.WithSwap(SwapPolicy.Always),
            "never" => bundle.WithSwap(SwapPolicy.Never),
            _ => bundle.Judge,
        };
        session.Emit(await PredictAsync(session, bundle, judge, parse.GetRequiredValue(_data), parse.GetRequiredValue(_out), cancellationToken));
        return TiebreakCommand.Ok;
    }

    private sealed class JudgeStage(IProgress<JobProgress> progress, int total) : IProgress<int>
    {
        public void Report(int value) => progress.Report(new JobProgress("judging", value, total));
    }
}
