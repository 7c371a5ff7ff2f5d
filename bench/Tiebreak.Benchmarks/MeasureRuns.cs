using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Judging;
using Tiebreak.Data;
using Tiebreak.Data.Submissions;
using Tiebreak.Features.FeatureJudges;
using Tiebreak.Runs;

namespace Tiebreak.Benchmarks;

/// <summary>
/// The tables of <c>bench/results/CPU/runs.md</c>: what a run costs beside judging the same battles at once, in one process, by turns; and
/// how much of real budgets goes into judging, by the clock of this machine.
/// </summary>
internal static class MeasureRuns
{
    private const int Rows = 25_000;
    private const int Rounds = 5;

    /// <summary>Measures with a feature judge.</summary>
    /// <param name="judge">The folder of its bundle.</param>
    public static async Task<int> RunAsync(string judge)
    {
        var folder = Directory.CreateTempSubdirectory("tiebreak-bench-").FullName;
        try
        {
            var file = Path.Combine(folder, "battles.csv");
            SyntheticKaggleFile.Write(file, Rows);
            var data = BattleSet.Load([file]);
            await using var bundle = await Bundle.OpenAsync(judge, new JudgeRegistry([new FeatureJudgeFormat()]));
            Console.WriteLine($"{Rows:N0} synthetic battles, {new FileInfo(file).Length / 1e6:F0} MB. {Environment.ProcessorCount} cores, "
                + $"{RuntimeInformation.FrameworkDescription}, {DateTime.UtcNow:yyyy-MM-dd}.");
            Console.WriteLine();
            await OverheadAsync(folder, RunJudge.Of(bundle, judge), bundle.Judge, data);
            await BudgetsAsync(folder, RunJudge.Of(bundle, judge), data);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task OverheadAsync(string folder, RunJudge forRun, IJudge judge, BattleSet data)
    {
        var (plain, runs, judging, shards) = (new List<double>(), new List<double>(), new List<double>(), 0);
        for (var round = 0; round <= Rounds; round++)
        {
            var clock = Stopwatch.StartNew();
            var preferences = await judge.JudgeAsync(data.Battles);
            SubmissionFile.Write(Path.Combine(folder, "plain.csv"), [.. data.Battles.Select(battle => battle.Id)], preferences);
            var once = clock.Elapsed.TotalSeconds;

            var request = Request(folder, $"run-{round}", data, forRun);
            clock.Restart();
            var report = await ScoringRun.RunAsync(request);
            var inShards = clock.Elapsed.TotalSeconds;
            shards = Directory.GetFiles(Path.Combine(request.Folder, "done")).Length;

            // The first round warms up.
            if (round == 0)
                continue;
            plain.Add(once);
            runs.Add(inShards);
            judging.Add(report.JudgeSeconds);
        }

        Console.WriteLine("| feature judge | best | median | times plain (medians) |");
        Console.WriteLine("|---|---|---|---|");
        Print("plain prediction: judge at once, write the submission", plain);
        Print($"as a run of {shards} shards", runs);
        Print("of that in the judge", judging);
        Console.WriteLine();

        void Print(string what, List<double> seconds) =>
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {what} | {seconds.Min():F2} s | {Median(seconds):F2} s | {Median(seconds) / Median(plain):F2} |"));
    }

    private static async Task BudgetsAsync(string folder, RunJudge feature, BattleSet data)
    {
        Console.WriteLine("| judge | budget | ended after | first order | second order | passes of those that the time would allow |");
        Console.WriteLine("|---|---|---|---|---|---|");
        await BudgetAsync("4 ms a battle", Delayed(4), seconds: 60, capacity: 15_000);
        await BudgetAsync("1.6 ms a battle", Delayed(1.6), seconds: 60, capacity: 37_500);
        await BudgetAsync("4 ms a battle", Delayed(4), seconds: 20, capacity: 5_000);
        await BudgetAsync("400 ms a battle", Delayed(400), seconds: 20, capacity: 50);
        foreach (var seconds in new[] { 3, 6 })
            await BudgetAsync("feature", feature, seconds, capacity: null);

        async Task BudgetAsync(string name, RunJudge judge, int seconds, int? capacity)
        {
            var clock = Stopwatch.StartNew();
            var report = await ScoringRun.RunAsync(Request(folder, Guid.NewGuid().ToString("N"), data, judge) with
            {
                Deadline = DateTimeOffset.UtcNow + TimeSpan.FromSeconds(seconds),
            });
            var (ended, passes) = (clock.Elapsed.TotalSeconds, report.OneOrder + (2 * report.BothOrders));
            var share = capacity is { } most ? (double)passes / most : report.JudgeSeconds / seconds;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"| {name} | {seconds} s | {ended:F2} s | {report.OneOrder + report.BothOrders:N0} | "
                    + $"{report.BothOrders:N0} | {share:P1}{(capacity is null ? " of the time" : "")} |"));
        }

        RunJudge Delayed(double milliseconds) => feature with { OneOrder = new DelayedJudge(TimeSpan.FromMilliseconds(milliseconds)) };
    }

    private static RunRequest Request(string folder, string run, BattleSet data, RunJudge judge) => new()
    {
        Folder = Path.Combine(folder, run),
        Data = data,
        DataPath = Path.Combine(folder, "battles.csv"),
        Judge = judge,
        Out = Path.Combine(folder, $"{run}.csv"),
        SecondOrder = SecondOrder.Uncertain,
    };

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
