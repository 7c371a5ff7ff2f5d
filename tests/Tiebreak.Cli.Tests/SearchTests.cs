using System.Diagnostics;
using Tiebreak.Core.Randomness;
using Tiebreak.Data;
using Tiebreak.Testing;

namespace Tiebreak.Cli.Tests;

/// <summary><c>tiebreak tune</c> with judges of two kinds, and jobs that go on in the background.</summary>
public sealed class SearchTests : IDisposable
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "tiebreak.dll");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_best_recipe_of_a_feature_judge_is_one_that_train_takes()
    {
        var tuned = await CommandRun.OkAsync(
            "tune", "text", "--data", Data(200), "--out", _folder["best.yaml"], "--trials", "3", "--threads", "2", "--set",
            "boosting.rounds=20", "--vary", "boosting.leaves=[2,4]", "boosting.learning_rate=0.02..0.2", "--report", _folder["tuned.html"]);
        Assert.Contains("1 (as it is)", tuned.Output, StringComparison.Ordinal);
        Assert.Contains("`train` takes it", tuned.Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Contains("rounds: 20", await File.ReadAllTextAsync(_folder["best.yaml"]), StringComparison.Ordinal);
        Assert.Contains("Trials, the best first", await File.ReadAllTextAsync(_folder["tuned.html"]), StringComparison.Ordinal);
        await CommandRun.OkAsync("train", _folder["best.yaml"], "--data", Data(200), "--out", _folder["judge"], "--threads", "2");
    }

    [Fact]
    public async Task Weights_that_learn_are_searched_over_and_followed()
    {
        await CommandRun.OkAsync("model", "tiny", "--out", _folder["tiny"]);
        var tuned = await CommandRun.OkAsync([.. Tune("best.yaml", Data(60)), "--json"]);
        Assert.Equal(3, tuned.Json["trials"]!.AsArray().Count);
        Assert.InRange((int)tuned.Json["best"]!, 1, 3);
        var drawn = tuned.Json["trials"]!.AsArray().Where(trial => (int)trial!["trial"]! > 1);
        Assert.All(drawn, trial => Assert.InRange((double)trial!["values"]!["tuning.learning_rate"]!, 1e-4, 1e-2));

        var status = await CommandRun.OkAsync("status", "--work", _folder["best.yaml.work"], "--json");
        var runs = status.Json["curves"]!.AsArray().Select(curve => (string)curve!["run"]!);
        Assert.Equal(["trial 1 (all): the judge", "trial 2 (all): the judge", "trial 3 (all): the judge"], runs);
        Assert.True((bool)status.Json["ended"]!);

        var again = await CommandRun.OfAsync(Tune("best.yaml", Data(60)));
        Assert.Contains("has begun", again.Errors, StringComparison.Ordinal);
    }

    /// <summary>Processes that end as <c>kill -9</c> ends them, until one of them finishes.</summary>
    [SlowFact]
    public async Task A_search_that_is_killed_goes_on_to_the_same_recipe()
    {
        await CommandRun.OkAsync("model", "tiny", "--out", _folder["tiny"]);
        var clock = Stopwatch.StartNew();
        Assert.Equal(0, await RunAsync(Tune("best.yaml", Data(100)), Timeout.InfiniteTimeSpan));
        var (needed, random) = (clock.Elapsed, new SeededRandom(1));
        string[] resumed = [.. Tune("again.yaml", Data(100)), "--resume"];
        for (var kills = 0; kills < 8; kills++)
            _ = await RunAsync(resumed, needed * (0.2 + (0.5 * random.NextDouble())));
        Assert.Equal(0, await RunAsync(resumed, Timeout.InfiniteTimeSpan));
        Assert.Equal(await File.ReadAllTextAsync(_folder["best.yaml"]), await File.ReadAllTextAsync(_folder["again.yaml"]));
    }

    [Fact]
    public async Task A_training_in_the_background_is_followed_to_its_end()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a Unix shell");
        var begun = await CommandRun.OkAsync("train", "priors", "--data", Data(60), "--out", _folder["judge"], "--detach", "--json");
        await EndOfAsync((int)begun.Json["process"]!);
        Assert.True(File.Exists(_folder["judge/judge.json"]), await File.ReadAllTextAsync((string)begun.Json["log"]!));
        Assert.Contains("\"log_loss\"", await File.ReadAllTextAsync(_folder["judge.work.log"]), StringComparison.Ordinal);
        var status = await CommandRun.OkAsync("status", "--work", (string)begun.Json["run"]!);
        Assert.Contains("It has ended", status.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Give one of --run FOLDER")]
    [InlineData("has no work of a training", "--work", "nowhere")]
    public async Task A_status_of_nothing_is_refused(string said, params string[] options)
    {
        var run = await CommandRun.OfAsync(["status", .. options]);
        Assert.Equal(TiebreakCommand.WrongInput, run.ExitCode);
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
    }

    private string[] Tune(string name, string data) =>
    [
        "tune", "tiny-decoder", "--data", data, "--out", _folder[name], "--trials", "3", "--threads", "1", "--set",
        $"model={_folder["tiny"]}", "max_tokens=64", "tuning.checkpoint_minutes=0", "--vary", "tuning.learning_rate=1e-4..1e-2",
    ];

    private static async Task<int> RunAsync(string[] arguments, TimeSpan life)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Program, .. arguments])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        var said = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        var end = process.WaitForExitAsync();
        if (await Task.WhenAny(end, Task.Delay(life)) != end)
            process.Kill();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode is 0 or 137, (await said)[1]);
        return process.ExitCode;
    }

    private static async Task EndOfAsync(int number)
    {
        try
        {
            using var process = Process.GetProcessById(number);
            await process.WaitForExitAsync();
        }
        catch (ArgumentException)
        {
            // It has ended already.
        }
    }

    private string Data(int count)
    {
        BattleWriter.WriteJsonl(_folder["train.jsonl"], SyntheticBattles.Create(count));
        return _folder["train.jsonl"];
    }
}
