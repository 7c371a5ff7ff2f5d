using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Judging;
using Tiebreak.Data;
using Tiebreak.Features.FeatureJudges;

namespace Tiebreak.Benchmarks;

/// <summary>
/// Training of a whole judge, 5 folds and the final fit, against TF-IDF with HistGradientBoosting (<c>bench/reference/judge_speed.py</c>)
/// that grows as many rounds of trees with as many leaves on as many dense columns, each in a process of its own. Reading the file does not
/// count. Losses are shown, but only on real rows do they mean something.
/// </summary>
internal static class CompareJudgeSpeed
{
    public const string MeasureVerb = "measure-judge";

    private static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Runs both on the first rows of a labelled file of the competition's layout and prints a table.</summary>
    public static int Run(string python, string file, int rows)
    {
        var folder = Directory.CreateTempSubdirectory("tiebreak-bench-").FullName;
        try
        {
            var count = rows.ToString(CultureInfo.InvariantCulture);
            var measured = CompareRead.Start("dotnet", [typeof(CompareJudgeSpeed).Assembly.Location, MeasureVerb, file, count, folder]);
            var judge = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "judge", "judge.json")))!;
            var rounds = (int)judge["training"]!["rounds"]![0]!;
            var script = Path.Combine(CompareRead.Repository(), "bench", "reference", "judge_speed.py");
            var reference = CompareRead.Start(python, [script, file, "judge", count, $"{rounds}", Path.Combine(folder, "reference.json")]);
            var loss = (double)JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "reference.json")))!["log_loss"]!;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
                {CompareTable.Cpu()}, {CompareTable.VectorLevel()}, {Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}; {reference.Version}; {DateTime.UtcNow:yyyy-MM-dd}.

                | whole judge on {measured.Rows:N0} rows of {Path.GetFileName(file)}, {rounds} rounds | seconds | peak memory | log loss out of fold | times the reference |
                |---|---|---|---|---|
                | TF-IDF, SVD, HistGradientBoosting | {reference.Best:0.0} | {reference.PeakMib:N0} MiB | {loss:0.0000} | 1.0x |
                | Tiebreak, recipe feature | {measured.Best:0.0} | {measured.PeakMib:N0} MiB | {(double)judge["validation"]!["log_loss"]!:0.0000} | {reference.Best / measured.Best:0.0}x |
                """));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>
    /// Trains in this process, writes the bundle, and prints the measurement as JSON; when each stage was done goes to standard error.
    /// </summary>
    public static async Task<int> MeasureAsync(string file, int rows, string folder)
    {
        var labelled = new LabelledBattles([.. BattleSet.Load([file]).Battles.Take(rows)]);
        var clock = Stopwatch.StartNew();
        await new JudgeTraining
        {
            Trainer = new FeatureJudgeFormat().CreateTrainer(new Recipe("feature", [])),
            Kind = "feature",
            Out = Path.Combine(folder, "judge"),
            Data = [],
        }.RunAsync(labelled, new StageClock(clock));
        var seconds = clock.Elapsed.TotalSeconds;
        using var self = Process.GetCurrentProcess();
        Console.WriteLine(JsonSerializer.Serialize(
            new Measurement([seconds], self.PeakWorkingSet64 / 1048576.0, labelled.Count, RuntimeInformation.FrameworkDescription),
            SnakeCase));
        return 0;
    }

    /// <summary>Prints when each stage was done, to see where the time goes.</summary>
    private sealed class StageClock(Stopwatch clock) : IProgress<JobProgress>
    {
        public void Report(JobProgress value)
        {
            if (value.Done == value.Total)
            {
                Console.Error.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalSeconds,7:0.00} s  {value.Stage}"));
            }
        }
    }
}
