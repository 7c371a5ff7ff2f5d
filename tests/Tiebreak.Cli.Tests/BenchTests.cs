using System.Globalization;
using Tiebreak.Testing;

namespace Tiebreak.Cli.Tests;

/// <summary>Benchmarks through the real command line, on small files of their own make.</summary>
public sealed class BenchTests(QuickstartFixture quickstart) : IClassFixture<QuickstartFixture>
{
    [Fact]
    public async Task A_benchmark_is_scored_beside_what_needs_no_judge()
    {
        using var folder = new TemporaryFolder();
        const string Responses = """
            "chosen":["good","good and long","good and longest"],"rejected":["bad","bad and long","bad and longest"]
            """;
        var rows = Enumerable.Range(0, 60).Select(i => string.Create(
            CultureInfo.InvariantCulture, $$"""{"id":{{i}},"prompt":"Question {{i}}?","domain":"chat",{{Responses}}}"""));
        var file = folder.Write("chat_filtered.json", $"[{string.Join(',', rows)}]");

        var run = await CommandRun.OkAsync(
            "bench", "rm-bench", "--judge", quickstart.Judge, "--data", file, "--report", folder["bench.html"], "--json");

        Assert.Equal(540, (int)run.Json["battles"]!);
        Assert.Equal(["Overall", "easy", "normal", "hard", "chat"], run.Json["scores"]!.AsArray().Select(score => (string)score!["name"]!));
        Assert.Equal((1, 0), ((double)run.Json["scores"]![1]!["longer_wins"]!, (double)run.Json["scores"]![3]!["longer_wins"]!));
        Assert.Equal(
            ["accuracy", "beyond_length", "kappa", "ac1", "flips", "length_gap", "style_gap"],
            run.Json["measures"]!.AsArray().Select(measure => (string)measure!["name"]!));
        Assert.True((bool)run.Json["rule_was_run_on_own_file"]!);
        Assert.Contains("longer", (string)run.Json["conclusions"]![0]!, StringComparison.Ordinal);
        Assert.Contains("<h2>Scores</h2>", await File.ReadAllTextAsync(folder["bench.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_missing_is_said_with_where_to_get_it()
    {
        using var folder = new TemporaryFolder();
        var unknown = await CommandRun.OfAsync("bench", "rmbench", "--judge", quickstart.Judge);
        Assert.Contains("rm-bench", unknown.Errors, StringComparison.Ordinal);
        var missing = await CommandRun.OfAsync("bench", "reward-bench", "--judge", quickstart.Judge);
        Assert.Contains("tiebreak data fetch reward-bench", missing.Errors, StringComparison.Ordinal);
        var other = await CommandRun.OfAsync("bench", "reward-bench", "--judge", quickstart.Judge, "--data", quickstart.Battles);
        Assert.Contains("own files", other.Errors, StringComparison.Ordinal);
        Assert.Equal((2, 2, 2), (unknown.ExitCode, missing.ExitCode, other.ExitCode));
    }
}
