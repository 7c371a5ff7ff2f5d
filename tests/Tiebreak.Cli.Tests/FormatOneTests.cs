using System.Globalization;
using System.Text.Json.Nodes;
using Tiebreak.Testing;

namespace Tiebreak.Cli.Tests;

/// <summary>What a program of format 1 wrote still opens, answers as it did then, and goes on; see tests/fixtures/README.md.</summary>
public sealed class FormatOneTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public FormatOneTests() => _folder.Copy(Path.Combine(Repository.Root, "tests", "fixtures", "format-1"));

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("priors", 1e-12)]
    [InlineData("length", 1e-9)]
    [InlineData("text", 1e-6)] // sums in float32, whose order is that of the processor's vectors
    [InlineData("feature", 1e-6)]
    [InlineData("classifier", 1e-4)]
    public async Task A_bundle_answers_as_it_did(string name, double tolerance)
    {
        var run = await CommandRun.OkAsync(
            "predict", "--judge", _folder[name], "--data", _folder["test.csv"], "--out", _folder["submission.csv"]);
        Assert.Contains($"Note: the judge bundle {_folder[name]} has format 1", run.Errors, StringComparison.Ordinal);
        AssertSame(_folder[$"expected/{name}.csv"], _folder["submission.csv"], tolerance);
    }

    [Fact]
    public async Task A_run_that_was_killed_goes_on()
    {
        var finished = await File.ReadAllBytesAsync(_folder["run/results/first-00000.jsonl"]);
        await CommandRun.OkAsync(
            "predict", "--judge", _folder["classifier"], "--data", _folder["test.csv"], "--out", _folder["submission.csv"],
            "--run", _folder["run"], "--resume");
        AssertSame(_folder["expected/classifier.csv"], _folder["submission.csv"], tolerance: 1e-4);
        Assert.Equal(finished, await File.ReadAllBytesAsync(_folder["run/results/first-00000.jsonl"]));
    }

    [Fact]
    public async Task A_policy_chooses_as_it_did()
    {
        var run = await CommandRun.OkAsync("route", "choose", _folder["policy"], "--prompt", "Name a prime number.", "--json");
        var expected = await ReadAsync("choice.json");
        Assert.Contains("Note: the routing policy", run.Errors, StringComparison.Ordinal);
        Assert.Equal((string?)expected["model"], (string?)run.Json["model"]);
        Assert.Equal((double)expected["probability"]!, (double)run.Json["probability"]!, 9);
    }

    [Fact]
    public async Task An_identifier_says_what_it_said()
    {
        var run = await CommandRun.OkAsync("identify", "Of course! 7 is a prime number.", "--identifier", _folder["identifier"], "--json");
        Assert.Contains("Note: the identifier", run.Errors, StringComparison.Ordinal);
        var expected = (await ReadAsync("identified.json"))["texts"]![0]!["models"]!.AsArray();
        var found = run.Json["texts"]![0]!["models"]!.AsArray();
        Assert.Equal(expected.Select(model => (string?)model!["model"]), found.Select(model => (string?)model!["model"]));
        Assert.All(expected.Zip(found), pair => Assert.Equal((double)pair.First!["probability"]!, (double)pair.Second!["probability"]!, 9));
    }

    private async Task<JsonObject> ReadAsync(string name) =>
        JsonNode.Parse(await File.ReadAllTextAsync(_folder[$"expected/{name}"]))!.AsObject();

    private static void AssertSame(string expected, string found, double tolerance)
    {
        var (lines, answers) = (File.ReadAllLines(expected), File.ReadAllLines(found));
        Assert.Equal(lines.Length, answers.Length);
        Assert.Equal(lines[0], answers[0]);
        foreach (var (one, other) in lines.Zip(answers).Skip(1))
        {
            var (cells, answer) = (one.Split(','), other.Split(','));
            Assert.Equal(cells[0], answer[0]);
            for (var i = 1; i < cells.Length; i++)
                Assert.Equal(Number(cells[i]), Number(answer[i]), tolerance);
        }
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
