using System.Diagnostics;
using Tiebreak.Core.Randomness;
using Tiebreak.Data;
using Tiebreak.Testing;

namespace Tiebreak.Cli.Tests;

/// <summary>Weights that learn, through the command line: the recipes that come with it, and processes that are killed.</summary>
public sealed class TuneTests : IDisposable
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "tiebreak.dll");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("minilm", "deberta", "folds=2")]
    [InlineData("minilm-reward", "deberta", "folds=2", "tuning.layers=[-1]", "chunks=2")]
    [InlineData("minilm-siamese", "deberta", "folds=2")]
    [InlineData("minilm-mlm", "deberta", "folds=2")]
    [InlineData("deberta-v3-base", "deberta", "holdout=0.3")]
    [InlineData("decoder-lora", "gemma", "holdout=0.3")]
    public async Task The_recipes_train_a_judge(string recipe, string family, params string[] changes)
    {
        var model = family is "gemma" ? TransformerFolder.Gemma(_folder) : TransformerFolder.Deberta(_folder);
        var trained = await CommandRun.OkAsync([
            "train", recipe, "--data", Data(60), "--out", _folder["judge"], "--work", _folder["work"], "--json",
            "--report", _folder["report.html"], "--set", $"model={model}", "--set",
            $"max_tokens={(family is "gemma" ? 128 : 48)}", "--set", "tuning.epochs=1",
            .. changes.SelectMany(change => new[] { "--set", change })]);
        Assert.InRange((double)trained.Json["validation"]!["log_loss"]!, 0.6, 1.7);
        Assert.InRange((int)trained.Json["training"]!["tuning"]!["steps"]!, 1, 8);
        Assert.Equal("the judge", (string)trained.Json["curves"]!.AsArray()[^1]!["run"]!);
        Assert.True(File.Exists(_folder["work/curves/loss-the-judge.svg"]));
        Assert.Contains("Log loss, the judge", await File.ReadAllTextAsync(_folder["report.html"]), StringComparison.Ordinal);
        var status = await CommandRun.OkAsync("status", "--work", _folder["work"]);
        Assert.Contains("its result is written", status.Output.ReplaceLineEndings(" "), StringComparison.Ordinal);

        BattleWriter.WriteKaggleTest(_folder["test.csv"], SyntheticBattles.Create(20, seed: 4, labelled: false));
        var predicted = await CommandRun.OkAsync(
            "predict", "--judge", _folder["judge"], "--data", _folder["test.csv"], "--out", _folder["s.csv"], "--json");
        Assert.Equal(20, (int)predicted.Json["rows"]!);
        Assert.Contains("\"the judge: step\"", await File.ReadAllTextAsync(_folder["work/log.jsonl"]), StringComparison.Ordinal);
    }

    /// <summary>Processes that end as <c>kill -9</c> ends them, at random moments, until one of them finishes.</summary>
    [SlowFact]
    public async Task A_process_that_is_killed_goes_on_to_the_same_bytes()
    {
        string[] train =
        [
            "train", "decoder-lora", "--data", Data(200), "--threads", "1", "--set", $"model={TransformerFolder.Gemma(_folder)}", "--set",
            "max_tokens=128", "--set", "dtype=float32", "--set", "tuning.epochs=4", "--set", "tuning.checkpoint_minutes=0",
        ];

        // Kills come within the time that a process needs that nobody kills, on a machine of any speed.
        var clock = Stopwatch.StartNew();
        using (var whole = Start(train, "judge"))
            await EndAsync(whole);
        var (needed, random, kills) = (clock.Elapsed, new SeededRandom(1), 0);
        for (var exitCode = -1; exitCode != 0;)
        {
            using var process = Start([.. train, "--work", _folder["work"], "--resume"], "again");
            var end = EndAsync(process);
            if (kills < 10 && await Task.WhenAny(end, Task.Delay(needed * (0.3 + (0.4 * random.NextDouble())))) != end)
            {
                process.Kill();
                kills++;
            }

            var errors = await end;
            exitCode = process.ExitCode;
            Assert.True(exitCode is 0 or 137, errors);
        }

        Assert.InRange(kills, 1, 10);
        foreach (var name in Directory.GetFiles(_folder["judge"]).Select(path => Path.GetFileName(path)))
            Assert.Equal(await File.ReadAllBytesAsync(_folder[$"judge/{name}"]), await File.ReadAllBytesAsync(_folder[$"again/{name}"]));
    }

    private Process Start(string[] train, string name) => Process.Start(
        new ProcessStartInfo("dotnet", [Program, .. train, "--out", _folder[name]])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;

    private static async Task<string> EndAsync(Process process)
    {
        var said = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (await said)[1];
    }

    private string Data(int count)
    {
        BattleWriter.WriteJsonl(_folder["train.jsonl"], SyntheticBattles.Create(count));
        return _folder["train.jsonl"];
    }
}
