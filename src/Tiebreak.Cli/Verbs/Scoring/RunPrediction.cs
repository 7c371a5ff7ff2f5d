using System.Globalization;
using System.Text.Json.Nodes;
using Tiebreak.Cli.Output;
using Tiebreak.Core;
using Tiebreak.Core.Bundles;
using Tiebreak.Data;
using Tiebreak.Runs;

namespace Tiebreak.Cli.Verbs.Scoring;

/// <summary>A prediction as a run, and what is said about it.</summary>
internal static class RunPrediction
{
    private const int FailuresShown = 5;

    /// <summary>Runs, and says what became of it.</summary>
    public static async Task<JsonObject> RunAsync(
        Session session, Bundle bundle, string judge, string? fallback, BattleSet set, Func<RunJudge, RunRequest> request, CancellationToken cancellationToken)
    {
        await using var second = fallback is null ? null : await session.OpenJudgeAsync(fallback, cancellationToken);
        var runJudge = RunJudge.Of(bundle, judge);
        var asked = request(second is null ? runJudge : runJudge.WithFallback(second, fallback!));
        try
        {
            var report = await ProgressDisplay.RunAsync(session, progress => ScoringRun.RunAsync(
                asked with
                {
                    Say = session.Warn,
                    Progress = progress,
                },
                cancellationToken));
            Show(session, asked, report);
            return ToJson(asked, report, set);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new TiebreakException($"Stopped. {asked.Out} holds what was judged until now; the same command with --resume goes on.");
        }
    }

    private static void Show(Session session, RunRequest request, RunReport report)
    {
        foreach (var row in report.Failed.Take(FailuresShown))
            session.Say(Format($"Battle {row.Id} broke the judge: {row.Reason}"));
        if (report.Failed.Count > FailuresShown)
            session.Say(Format($"... and {report.Failed.Count - FailuresShown:N0} more; rows.csv in {request.Folder} lists them."));

        session.Say(Format($"Wrote {request.Out}: {report.Rows:N0} rows in {report.Seconds:F1} s; the first valid one lay there after {report.FirstSubmissionSeconds:F2} s."));
        session.Say(Format($"Both orders {report.BothOrders:N0}, one order {report.OneOrder:N0}, fallback judge {report.Fallback:N0}, class shares {report.ClassShares:N0}."));
        if (report.SwapGain is { } gain)
            session.Say(Format($"On {gain.Rows:N0} labelled battles the second order changed the log loss from {gain.OneOrder:F4} to {gain.BothOrders:F4}."));
        if (!report.IsComplete)
            session.Say("Time ran out before everything was judged; the same command with --resume and more time goes on.");
    }

    private static JsonObject ToJson(RunRequest request, RunReport report, BattleSet set) => new()
    {
        ["rows"] = report.Rows,
        ["complete"] = report.IsComplete,
        ["both_orders"] = report.BothOrders,
        ["one_order"] = report.OneOrder,
        ["fallback"] = report.Fallback,
        ["class_shares"] = report.ClassShares,
        ["failed"] = new JsonArray([.. report.Failed.Select(row => new JsonObject { ["id"] = row.Id, ["reason"] = row.Reason })]),
        ["swap_gain"] = report.SwapGain is { } gain
            ? new JsonObject { ["rows"] = gain.Rows, ["one_order"] = gain.OneOrder, ["both_orders"] = gain.BothOrders }
            : null,
        ["problems"] = ProblemList.ToJson(set),
        ["seconds"] = report.Seconds,
        ["judge_seconds"] = report.JudgeSeconds,
        ["first_submission_seconds"] = report.FirstSubmissionSeconds,
        ["rows_per_second"] = report.Rows / report.Seconds,
        ["mean_preference"] = new JsonObject { ["a"] = report.MeanPreference.A, ["b"] = report.MeanPreference.B, ["tie"] = report.MeanPreference.Tie },
        ["second_order"] = request.Judge.OneOrder.Traits.IsSymmetric ? "none" : request.SecondOrder.ToString().ToLowerInvariant(),
        ["workers"] = request.Workers,
        ["run"] = request.Folder,
        ["out"] = request.Out,
    };

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
