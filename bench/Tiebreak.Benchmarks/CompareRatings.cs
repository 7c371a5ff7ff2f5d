using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Randomness;
using Tiebreak.Data.Votes;
using Tiebreak.Ratings.Contextual;
using Tiebreak.Ratings.Fitting;
using Tiebreak.Ratings.Leaderboards;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.Benchmarks;

/// <summary>
/// 1.2 million votes on 200 models: read, fit, bootstrap and style, beside scipy's L-BFGS per bootstrap round in the same run.
/// </summary>
internal static class CompareRatings
{
    public const string Verb = "compare-ratings";

    private const int Votes = 1_200_000;
    private const int Models = 200;
    private const int Features = 8;
    private const int Runs = 5;

    /// <param name="options">
    /// A Python with scipy and pandas (default: python3), how many bootstrap rounds it does (default: 20), and the tiebreak program, to
    /// time a process as a whole.
    /// </param>
    public static int Run(string[] options)
    {
        var (python, rounds, program) =
            (options.ElementAtOrDefault(0) ?? "python3", options.ElementAtOrDefault(1) ?? "20", options.ElementAtOrDefault(2));
        var path = Path.Combine(Path.GetTempPath(), $"tiebreak-votes-{Environment.ProcessId}.csv");
        try
        {
            Write(path);
            var clock = Stopwatch.StartNew();
            var first = Fit(Read(path));
            var firstRun = clock.Elapsed.TotalSeconds;
            var votes = Read(path);
            var counts = VoteCounts.Of(votes);
            var endToEnd = Best(() => Fit(Read(path)));
            var aggregate = Best(() => VoteCounts.Of(votes));
            var fit = Best(() => RatingFit.Of(counts));
            var sandwich = Best(() => Leaderboard.Of(votes, new LeaderboardOptions()));
            var bootstrap = Best(() => Leaderboard.Of(votes, new LeaderboardOptions { Intervals = IntervalKind.Bootstrap }));
            var features = RandomFeatures();
            var style = Best(() => ContextualFit.Of(votes, features));

            var process = program is null
                ? double.NaN
                : Best(() => Process.Start(new ProcessStartInfo(program, ["rank", path, "--json"])
                {
                    RedirectStandardOutput = true,
                    UseShellExecute = false,
                })!.StandardOutput.ReadToEnd());
            var reference = Reference(python, path, rounds);
            var perRound = 1000 / (double)reference["rounds"]!;
            var (published, faster) = (perRound * (double)reference["bootstrap"]!, perRound * (double)reference["bootstrap_bincount"]!);
            var largest = first.Counts.Models.Select((model, i) =>
                Math.Abs(Ratings.EloScale.Rating(first.Strengths[i]) - (double)reference["ratings"]![model]!)).Max();
            var table = string.Create(CultureInfo.InvariantCulture, $"""
                # Ratings of 1.2 million votes on 200 models

                Synthetic votes ({new FileInfo(path).Length / 1e6:0} MB of CSV, {counts.Pairs:N0} pairs met). Best of {Runs} runs in one process on all cores.
                {CompareTable.Cpu()}, {Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}; {(string)reference["version"]!}; {DateTime.UtcNow:yyyy-MM-dd}.
                Made by `dotnet run -c Release --project bench/Tiebreak.Benchmarks -- {Verb} {python} {rounds}`.

                | work | Tiebreak | goal | reference | times |
                |---|---|---|---|---|
                | `tiebreak rank`, the whole process: start, read, fit, intervals, ranks | {process:0.00} s | | | |
                | read and fit, the first time in this process | {firstRun:0.000} s | | | |
                | read and fit | {endToEnd:0.000} s | under 1 s | {(double)reference["read"]! + (double)reference["aggregate"]! + (double)reference["fit"]!:0.00} s | {((double)reference["read"]! + (double)reference["aggregate"]! + (double)reference["fit"]!) / endToEnd:0.0}x |
                | aggregate | {1000 * aggregate:0.0} ms | | {1000 * (double)reference["aggregate"]!:0} ms | {(double)reference["aggregate"]! / aggregate:0.0}x |
                | Newton's fit after aggregation | {1000 * fit:0.0} ms | under 20 ms | {1000 * (double)reference["fit"]!:0} ms | {(double)reference["fit"]! / fit:0.0}x |
                | leaderboard with sandwich intervals and ranks | {1000 * sandwich:0} ms | | | |
                | leaderboard with 1,000 bootstrap rounds | {bootstrap:0.00} s | under 2 s | {published:0.0} s ({rounds} rounds measured) | {published / bootstrap:0}x (goal 100x) |
                | the same, the reference with a faster sum | {bootstrap:0.00} s | | {faster:0.0} s ({rounds} rounds measured) | {faster / bootstrap:0}x |
                | style-controlled fit, {Features} features | {style:0.00} s | under 3 s | | |

                The largest difference between the two sets of ratings is {largest:0.000} points; the reference stops early (gradient below 1e-6). The reference does what FastChat's
                compute_bootstrap_bt does (unique rows of model, model and outcome with counts; a multinomial draw a round; L-BFGS-B from zero with the gradient given; a pool of
                as many processes as cores; gradients summed with numpy.add.at); "a faster sum" is numpy.bincount in its place. Tiebreak's rounds are exact: chord steps from the fit to
                all votes until what is left is below 3e-6 (0.0005 points).

                """);
            Console.WriteLine(table);
            CompareTable.Save(Path.Combine("bench", "results"), "ratings.md", table);
            return 0;
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static VoteSet Read(string path)
    {
        var table = VoteReader.Read(path);
        return new VoteSet(table.Models, table.ModelA, table.ModelB, table.Verdicts, table.Weights);
    }

    private static RatingFit Fit(VoteSet votes) => RatingFit.Of(VoteCounts.Of(votes));

    private static double Best(Func<object> work)
    {
        var best = double.PositiveInfinity;
        for (var run = 0; run < Runs; run++)
        {
            var clock = Stopwatch.StartNew();
            GC.KeepAlive(work());
            best = Math.Min(best, clock.Elapsed.TotalSeconds);
        }

        return best;
    }

    private static FeatureTable RandomFeatures()
    {
        var random = new SeededRandom(2);
        var values = new double[Votes * Features];
        for (var i = 0; i < values.Length; i++)
            values[i] = random.NextDouble() - 0.5;
        return FeatureTable.Of([.. Enumerable.Range(0, Features).Select(k => $"feature {k}")], values);
    }

    private static void Write(string path)
    {
        var random = new SeededRandom(1);
        var strengths = Enumerable.Range(0, Models).Select(i => 2.0 * i / Models).ToArray();
        using var writer = new StreamWriter(path, append: false, new UTF8Encoding(false), 1 << 20);
        writer.WriteLine("model_a,model_b,winner,judge,turn,anony,language,tstamp");
        for (var i = 0; i < Votes; i++)
        {
            var (a, b) = (random.Next(Models), random.Next(Models - 1));
            b += b >= a ? 1 : 0;
            var expected = 1 / (1 + Math.Exp(strengths[b] - strengths[a]));
            var verdict = random.NextDouble() < 0.25 ? Verdict.Tie : random.NextDouble() < expected ? Verdict.A : Verdict.B;
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"chat-model-{a},chat-model-{b},{VerdictText.Format(verdict)},arena_user_"
                    + $"{i % 5000},1,True,English,{1_682_351_591 + i}.1322"));
        }
    }

    private static JsonNode Reference(string python, string path, string rounds)
    {
        var start = new ProcessStartInfo(python, [Path.Combine("bench", "reference", "bradley_terry_scipy.py"), path, rounds])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? JsonNode.Parse(output)!
            : throw new InvalidOperationException($"{python} ended with {process.ExitCode}.");
    }
}
