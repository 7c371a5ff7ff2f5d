using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Tiebreak.Data;
using Tiebreak.Testing;

namespace Tiebreak.Cli.Tests;

/// <summary>Scoring runs through the command line: one process, several, killed ones, short of time.</summary>
public sealed class RunTests(QuickstartFixture quickstart) : IClassFixture<QuickstartFixture>
{
    [Fact]
    public async Task A_run_says_what_a_plain_prediction_says()
    {
        using var folder = new TemporaryFolder();
        var run = await PredictAsync(folder, "--run", folder["run"], "--json");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal((200, true), ((int)run.Json["one_order"]!, (bool)run.Json["complete"]!));
        Assert.Equal(await File.ReadAllTextAsync(quickstart.Submission), await File.ReadAllTextAsync(folder["s.csv"]));

        var again = await PredictAsync(folder, "--run", folder["run"]);
        Assert.Equal(2, again.ExitCode);
        Assert.Contains("Give --resume to go on with it", again.Errors, StringComparison.Ordinal);
        Assert.Equal("", again.Output);

        var error = (await PredictAsync(folder, "--run", folder["run"], "--json")).Json["error"]!;
        Assert.Equal(("run-exists", "resume"), ((string)error["code"]!, (string)error["parameters"]![0]!));
        Assert.EndsWith((string)error["message"]!, again.Errors.Trim(), StringComparison.Ordinal);
        Assert.Equal(0, (await PredictAsync(folder, "--run", folder["run"], "--resume")).ExitCode);

        var status = await CommandRun.OfAsync("status", "--run", folder["run"], "--json");
        Assert.Equal(200, (int)status.Json["passes"]![0]!["done"]!);
        Assert.True((bool)status.Json["ended"]!);
        Assert.Equal(0, (await CommandRun.OfAsync("worker", "--run", folder["run"])).ExitCode);
    }

    [Fact]
    public async Task A_log_holds_what_the_run_did_and_what_was_counted()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(0, (await PredictAsync(folder, "--run", folder["run"], "--log", folder["log.jsonl"])).ExitCode);
        var lines = (await File.ReadAllLinesAsync(folder["log.jsonl"])).Select(line => JsonNode.Parse(line)!.AsObject()).ToList();

        Assert.All(lines, line => Assert.True(line.ContainsKey("time")));
        var begun = lines.Find(line => ((string?)line["message"])?.StartsWith("Run ", StringComparison.Ordinal) is true)!;
        Assert.Equal(("Information", 200), ((string)begun["level"]!, (int)begun["values"]!["Rows"]!));
        // Commands of other tests, which may be running in this process, are counted too, each kind of judge in a line of its own.
        Assert.Contains(lines, line => (string?)line["metric"] is "tiebreak.judge.battles" && (int)line["sum"]! >= 200);

        // The next command goes on with the file.
        Assert.Equal(0, (await PredictAsync(folder, "--log", folder["log.jsonl"])).ExitCode);
        Assert.True((await File.ReadAllLinesAsync(folder["log.jsonl"])).Length > lines.Count);
        Assert.Contains("\"message\":\"Opened a judge", (await PredictAsync(folder, "--log", "-")).Errors, StringComparison.Ordinal);
        var refused = await PredictAsync(folder, "--log", folder["absent/log.jsonl"]);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("does not exist. Create it first.", refused.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_processes_share_a_run()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(0, (await PredictAsync(folder, "--workers", "2", "--threads", "2")).ExitCode);
        Assert.Equal(await File.ReadAllTextAsync(quickstart.Submission), await File.ReadAllTextAsync(folder["s.csv"]));
    }

    [Fact]
    public async Task Two_devices_are_two_processes_that_share_a_run()
    {
        using var folder = new TemporaryFolder();
        var run = await PredictAsync(folder, "--device", "cpu,cpu", "--threads", "2", "--json");
        Assert.Equal((0, 2), (run.ExitCode, (int)run.Json["workers"]!));
        Assert.Equal(await File.ReadAllTextAsync(quickstart.Submission), await File.ReadAllTextAsync(folder["s.csv"]));
    }

    [Fact]
    public async Task A_fast_judge_in_the_judges_own_folder_is_its_fallback()
    {
        using var folder = new TemporaryFolder();
        folder.Copy(quickstart.Judge, "judge");
        folder.Copy(quickstart.Judge, "judge/fallback");
        var run = await CommandRun.OfAsync(
            "predict", "--judge", folder["judge"], "--data", quickstart.Test, "--out", folder["s.csv"], "--run", folder["run"]);

        Assert.Equal(0, run.ExitCode);
        Assert.Single(Directory.GetFiles(Path.Combine(folder["run"], "done"), "fallback-*"));
        Assert.Equal(0, (await CommandRun.OfAsync("worker", "--run", folder["run"], "--judge", folder["judge"])).ExitCode);
    }

    [Fact]
    public async Task A_budget_is_kept_and_the_submission_is_valid()
    {
        using var folder = new TemporaryFolder();
        var run = await PredictAsync(
            folder, "--until", DateTime.Now.AddHours(2).ToString("HH:mm", CultureInfo.InvariantCulture),
            "--fallback", quickstart.Judge, "--json");
        Assert.Equal(0, run.ExitCode);
        Assert.True((bool)run.Json["complete"]!);
        Assert.Equal(0, (await CommandRun.OfAsync("submission", "check", folder["s.csv"], "--test", quickstart.Test)).ExitCode);
    }

    [Theory]
    [InlineData("no time budget", "--budget", "soon")]
    [InlineData("not both", "--budget", "1h", "--until", "12:00")]
    [InlineData("--workers must be from 1", "--workers", "0")]
    [InlineData("is no device", "--device", "cpu,gpu")]
    [InlineData("Say what to write", "--as-labels", "l.jsonl")]
    [InlineData("There is no file", "--resume", "--data", "x.csv")]
    public async Task A_wrong_request(string said, params string[] options)
    {
        using var folder = new TemporaryFolder();
        string[] data = options.Contains("--data") ? [] : ["--data", quickstart.Test];
        var run = await CommandRun.OfAsync(["predict", "--judge", quickstart.Judge, "--out", folder["s.csv"], .. data, .. options]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task A_folder_without_a_run_has_no_status()
    {
        using var folder = new TemporaryFolder();
        var run = await CommandRun.OfAsync("status", "--run", folder.Path);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("has no run", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_measures()
    {
        var run = await CommandRun.OfAsync(
            "plan", "--judge", quickstart.Judge, "--data", quickstart.Test, "--sample", "0.2s", "--budget", "1h", "--json");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(200, (int)run.Json["rows"]!);
        Assert.True((double)run.Json["rows_per_second"]! > 0);
        Assert.True((bool)run.Json["fits"]!);
    }

    [Theory]
    [InlineData("labels.jsonl")]
    [InlineData("labels.jsonl.gz")]
    [InlineData("labels.jsonl.zst")]
    public async Task Soft_labels_are_those_of_the_prediction_and_can_be_trained_on(string name)
    {
        using var folder = new TemporaryFolder();
        var run = await CommandRun.OfAsync(
            "predict", "--judge", quickstart.Judge, "--data", quickstart.Test, "--as-labels", folder[name], "--json");

        Assert.Equal(0, run.ExitCode);
        var labelled = BattleSet.Load([folder[name]]).Battles;
        var expected = Tiebreak.Data.Submissions.SubmissionFile.Read(quickstart.Submission);
        Assert.Equal(expected.Select(row => (row.Id, row.Preference)), labelled.Select(battle => (battle.Id, battle.SoftLabel!.Value)));
    }

    [Fact]
    public async Task A_rehearsal_has_everything_nasty_and_ends_with_a_valid_submission()
    {
        using var folder = new TemporaryFolder();
        var run = await CommandRun.OfAsync(
            "predict", "--judge", quickstart.Judge, "--data", quickstart.Battles, "--rehearse", "300", "--run",
            folder["rehearsal"], "--json");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(300, (int)run.Json["rows"]!);
        Assert.All(run.Json["nasty"]!.AsObject(), kind => Assert.True((int)kind.Value! > 0, kind.Key));
        Assert.True((double)run.Json["seconds_for_25000"]! > 0);
    }

    [Theory]
    [InlineData("test.csv")]
    [InlineData("submission.csv")]
    public async Task A_rehearsal_leaves_the_users_own_files_alone(string name)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write(name, "mine");
        var run = await CommandRun.OfAsync(
            "predict", "--judge", quickstart.Judge, "--data", quickstart.Battles, "--rehearse", "30", "--run", folder.Path);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(path, run.Errors, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(path));
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task A_rehearsal_can_be_resumed()
    {
        using var folder = new TemporaryFolder();
        string[] rehearse =
        [
            "predict", "--judge", quickstart.Judge, "--data", quickstart.Battles, "--rehearse", "30", "--run", folder.Path,
        ];
        Assert.Equal(0, (await CommandRun.OfAsync(rehearse)).ExitCode);
        Assert.Equal(0, (await CommandRun.OfAsync([.. rehearse, "--resume"])).ExitCode);
    }

    [Fact]
    public async Task A_detached_run_goes_on_by_itself()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a Unix shell");
        using var folder = new TemporaryFolder();
        var run = await PredictAsync(folder, "--detach", "--json");
        Assert.Equal(0, run.ExitCode);

        using var process = TryFind((int)run.Json["process"]!);
        await (process?.WaitForExitAsync() ?? Task.CompletedTask);
        Assert.Equal(await File.ReadAllTextAsync(quickstart.Submission), await File.ReadAllTextAsync(folder["s.csv"]));
        Assert.Contains("\"complete\": true", await File.ReadAllTextAsync((string)run.Json["log"]!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_notebook_for_the_competition_works_on_three_rows()
    {
        using var folder = new TemporaryFolder();
        BattleWriter.WriteKaggleTest(folder["test.csv"], SyntheticBattles.Create(3, labelled: false));
        var notebook = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "deploy", "kaggle", "tiebreak.ipynb")))!;
        const string Program = "!/tmp/tiebreak/bin/tiebreak ";
        var lines = notebook["cells"]!.AsArray().SelectMany(cell => cell!["source"]!.AsArray()).Select(line => (string)line!)
            .Where(line => line.StartsWith(Program, StringComparison.Ordinal)).ToList();

        Assert.Equal(3, lines.Count);
        foreach (var line in lines)
        {
            var arguments = line[Program.Length..].Replace("/tmp/tiebreak/judge", quickstart.Judge, StringComparison.Ordinal)
                .Replace("/kaggle/input/lmsys-chatbot-arena/", folder.Path + "/", StringComparison.Ordinal)
                .Replace("/kaggle/working/", folder.Path + "/", StringComparison.Ordinal)
                .Replace("/tmp/run", folder["run"], StringComparison.Ordinal);
            var run = await CommandRun.OfAsync(arguments.Split(' '));
            Assert.True(run.ExitCode == 0, line + run.Errors);
        }
    }

    private Task<CommandRun> PredictAsync(TemporaryFolder folder, params string[] options) =>
        CommandRun.OfAsync(["predict", "--judge", quickstart.Judge, "--data", quickstart.Test, "--out", folder["s.csv"], .. options]);

    private static Process? TryFind(int number)
    {
        try
        {
            return Process.GetProcessById(number);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
