using System.Globalization;
using System.Text.Json;
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

    // The real file was not run: this one has the columns that the set's card documents.
    [Fact]
    public async Task RewardBench_2_is_scored_from_a_file_of_its_own_columns()
    {
        using var folder = new TemporaryFolder();
        static string Row(string id, string subset, string[] chosen, string[] rejected) => JsonSerializer.Serialize(new
        {
            id,
            prompt = $"Question {id}?",
            chosen,
            rejected,
            num_correct = chosen.Length,
            num_incorrect = rejected.Length,
            total_completions = chosen.Length + rejected.Length,
            models = chosen.Concat(rejected).Select((_, i) => $"model-{i}"),
            subset,
            additional_metadata = new { category = (string?)null },
        });
        string[] few = ["a", "ab", "abc"];
        var file = folder.Write("test.jsonl", string.Join('\n',
        [
            .. Enumerable.Range(0, 30).Select(i => Row($"f{i}", "Factuality", ["the longest"], few)),
            .. Enumerable.Range(0, 20).Select(i => Row($"m{i}", "Math", [i < 5 ? "the longest" : "ab"], few)),
            .. Enumerable.Range(0, 10).Select(i => Row($"tied:{i}", "Ties", ["twelve signs", "twelve again"], few)),
            .. Enumerable.Range(0, 10).Select(i => Row($"ref:{i}", "Ties", ["twelve signs"], few)),
        ]));

        var run = await CommandRun.OkAsync("bench", "reward-bench-2", "--judge", quickstart.Judge, "--data", file, "--json");

        // The best of four counts by the row: the right response must beat all others, not two of three.
        var longer = run.Json["scores"]!.AsArray().ToDictionary(
            score => (string)score!["name"]!, score => (double)score!["longer_wins"]!, StringComparer.Ordinal);
        Assert.Equal((1, 0.25), (longer["Factuality"], longer["Math"]));
        Assert.Equal(1, longer["Ties"], 0.02); // as good as every right response, and far above every wrong one
        Assert.Equal((longer["Factuality"] + longer["Math"] + longer["Ties"]) / 3, longer["Overall"], 1e-9);
        Assert.False((bool)run.Json["rule_was_run_on_own_file"]!);
        Assert.Contains(
            "own file", (await CommandRun.OkAsync("bench", "reward-bench-2", "--judge", quickstart.Judge, "--data", file)).Output,
            StringComparison.Ordinal);
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
