using System.Text.Json.Nodes;
using Tiebreak.Testing;

namespace Tiebreak.Cli.Tests;

public sealed class MainPathTests(QuickstartFixture quickstart) : IClassFixture<QuickstartFixture>
{
    [Fact]
    public void Quickstart_ends_with_a_valid_submission()
    {
        Assert.Equal(0, quickstart.Run.ExitCode);
        Assert.Contains("is valid: 200 rows", quickstart.Run.Output, StringComparison.Ordinal);
        Assert.Contains("synthetic", quickstart.Run.Output, StringComparison.Ordinal);
        Assert.Contains("class shares", quickstart.Run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_judge_learns_from_the_sample_no_more_than_there_is_to_learn()
    {
        var validation = JsonNode.Parse(File.ReadAllText(Path.Combine(quickstart.Judge, "judge.json")))!["validation"]!;
        var shares = validation["baselines"]!.AsArray().Single(baseline => (string)baseline!["name"]! is "class shares")!;
        Assert.True((double)shares["difference_ci"]![1]! < 0, shares.ToJsonString());
        Assert.InRange((double)validation["log_loss"]!, 0.9, 1.06);
    }

    [Fact]
    public async Task Predict_writes_every_row_and_check_accepts_it()
    {
        using var folder = new TemporaryFolder();
        var predict = await CommandRun.OfAsync(
            "predict", "--judge", quickstart.Judge, "--data", quickstart.Test, "--out", folder["s.csv"], "--json");
        Assert.Equal(0, predict.ExitCode);
        Assert.Equal(200, (int)predict.Json["rows"]!);
        Assert.Equal(File.ReadAllText(quickstart.Submission), File.ReadAllText(folder["s.csv"]));

        var check = await CommandRun.OfAsync("submission", "check", folder["s.csv"], "--test", quickstart.Test, "--json");
        Assert.Equal(0, check.ExitCode);
        Assert.True((bool)check.Json["valid"]!);
    }

    [Fact]
    public async Task A_broken_submission_is_refused_and_repaired()
    {
        using var folder = new TemporaryFolder();
        var lines = await File.ReadAllLinesAsync(quickstart.Submission);
        string[] broken = [.. lines.Select((line, i) => i == 0 ? "," + line : $"{i - 1},{line}").Where((_, i) => i is not 3)];
        broken[5] = broken[5].Replace("0.", "NaN", StringComparison.Ordinal);
        await File.WriteAllLinesAsync(folder["broken.csv"], broken);

        var check = await CommandRun.OfAsync("submission", "check", folder["broken.csv"], "--test", quickstart.Test);
        Assert.Equal(1, check.ExitCode);
        Assert.Contains("index", check.Output, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("no row", check.Output, StringComparison.Ordinal);

        var repair = await CommandRun.OfAsync(
            "submission", "repair", folder["broken.csv"], "--test", quickstart.Test, "--out", folder["fixed.csv"]);
        Assert.Equal(0, repair.ExitCode);
        Assert.Equal(0, (await CommandRun.OfAsync("submission", "check", folder["fixed.csv"], "--test", quickstart.Test)).ExitCode);
    }

    [Fact]
    public async Task Evaluate_has_the_promised_keys_and_warns_of_training_data()
    {
        var run = await CommandRun.OfAsync(
            "evaluate", "--judge", quickstart.Judge, "--data", quickstart.Battles, "--by", "turns", "--json");

        Assert.Equal(0, run.ExitCode);
        foreach (var key in new[] { "log_loss", "log_loss_ci", "accuracy", "ece", "brier", "rows", "baselines", "by_turns", "flip_rate" })
            Assert.True(run.Json.ContainsKey(key), key);
        Assert.Equal(2400, (int)run.Json["rows"]!);
        Assert.Contains("trained on battles.jsonl.gz itself", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compare_gives_both_orders_and_reasons()
    {
        var run = await CommandRun.OfAsync(
            "compare", "--judge", quickstart.Judge, "--prompt", "@ Name a prime.", "--a", "-7 is not, 7 is a prime number.", "--b",
            "I can't help with that.", "--json");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal((double)run.Json["as_given"]!["a"]!, (double)run.Json["exchanged"]!["a"]!, 9);
        Assert.NotEmpty(run.Json["reasons"]!.AsArray());
        Assert.Equal(1, new[] { "a", "b", "tie" }.Sum(side => (double)run.Json["preference"]![side]!), 9);
    }

    [Fact]
    public async Task Doctor_is_content()
    {
        var run = await CommandRun.OfAsync("doctor", "--json");
        Assert.Equal(0, run.ExitCode);
        Assert.True((bool)run.Json["healthy"]!);
        Assert.All(run.Json["libraries"]!.AsArray(), library => Assert.True((bool)library!["loaded"]!));
    }

    [Fact]
    public async Task Real_votes_from_the_competition_train_a_judge_that_beats_the_class_shares()
    {
        var (train, test) = (Repository.Shared("real", "kaggle", "train_head.csv"), Repository.Shared("real", "kaggle", "test.csv"));
        using var folder = new TemporaryFolder();
        var run = await CommandRun.OfAsync("train", "feature", "--data", train, "--out", folder["judge"], "--json");

        Assert.Equal(0, run.ExitCode);
        var shares = run.Json["validation"]!["baselines"]!.AsArray().Single(baseline => (string)baseline!["name"]! is "class shares")!;
        Assert.True((double)shares["difference_ci"]![1]! < 0, shares.ToJsonString());

        Assert.Equal(
            0, (await CommandRun.OfAsync("predict", "--judge", folder["judge"], "--data", test, "--out", folder["s.csv"])).ExitCode);
        Assert.Equal(0, (await CommandRun.OfAsync("submission", "check", folder["s.csv"], "--test", test)).ExitCode);
    }

    [Fact]
    public async Task A_recipe_can_be_a_file_and_be_changed_on_the_command_line()
    {
        using var folder = new TemporaryFolder();
        var recipe = folder.Write("mine.yaml", "kind: priors\nfolds: 3\n");
        var run = await CommandRun.OfAsync("train", recipe, "--data", quickstart.Battles, "--out", folder["judge"], "--set", "folds=4");

        Assert.Equal(0, run.ExitCode);
        var manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(folder["judge"], "judge.json")))!;
        Assert.Equal(4, (int)manifest["folds"]!);
        Assert.Equal("battles.jsonl.gz", (string)manifest["data"]![0]!["file"]!);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("temperature_by_length")]
    [InlineData("temperature_by_turns")]
    [InlineData("vector")]
    [InlineData("isotonic")]
    [InlineData("length")]
    public async Task The_calibration_that_a_recipe_chooses_is_shown_saved_and_opened_again(string method)
    {
        using var folder = new TemporaryFolder();
        var run = await CommandRun.OfAsync(
            "train", "priors", "--data", quickstart.Battles, "--out", folder["judge"], "--set",
            $"calibration={method}", "--set", "post_rules=true");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains($"{method} + post_rules (chosen", run.Output, StringComparison.Ordinal);

        var manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(folder["judge"], "judge.json")))!;
        var steps = manifest["calibration"]!.AsArray();
        Assert.Equal(method is "none" ? 1 : 2, steps.Count);
        Assert.Contains("Identical", steps[^1]!.ToJsonString(), StringComparison.Ordinal);
        var evaluated = await CommandRun.OfAsync("evaluate", "--judge", folder["judge"], "--data", quickstart.Battles, "--json");
        Assert.Equal(0, evaluated.ExitCode);
        Assert.True((double)evaluated.Json["log_loss"]! < (double)manifest["validation"]!["log_loss"]! + 0.01);
    }

    [Fact]
    public async Task A_file_of_states_that_is_absent_is_named()
    {
        using var folder = new TemporaryFolder();
        var run = await CommandRun.OfAsync(
            "train", "priors", "--data", quickstart.Battles, "--out", folder["judge"], "--states", folder["states.parquet"]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("states.parquet", run.Errors, StringComparison.Ordinal);
    }
}
