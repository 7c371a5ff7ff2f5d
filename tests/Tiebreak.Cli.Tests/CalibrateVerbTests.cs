using System.Text.Json.Nodes;
using Tiebreak.Data;
using Tiebreak.Testing;

namespace Tiebreak.Cli.Tests;

/// <summary>A judge gets a rule by which it abstains, and keeps it in predictions, runs and evaluations.</summary>
public sealed class CalibrateVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public CalibrateVerbTests()
    {
        BattleWriter.WriteJsonl(_folder["train.jsonl"], SyntheticBattles.Create(200));
        BattleWriter.WriteJsonl(_folder["labelled.jsonl"], SyntheticBattles.Create(600, seed: 2).Skip(200).ToList());
        BattleWriter.WriteKaggleTest(_folder["test.csv"], SyntheticBattles.Create(700, seed: 3).Skip(600).ToList());
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_rule_is_stored_and_decides_in_predictions_and_in_runs_alike()
    {
        await TrainAsync();
        var run = await CommandRun.OkAsync(
            "calibrate", "--judge", _folder["judge"], "--data", _folder["labelled.jsonl"], "--abstain", "0.3", "--conformal", "0.9", "--json");
        Assert.Equal(400, (int)run.Json["rows"]!);
        Assert.True((bool)run.Json["is_stored"]!);
        var stored = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(_folder["judge"], "judge.json")))!;
        Assert.Equal(0.3, (double)stored["abstention"]!["max_error"]!);
        Assert.Equal(0.9, (double)stored["prediction_sets"]!["coverage"]!);

        await PredictAsync("once");
        await PredictAsync("run", "--run", _folder["folder"]);

        var decisions = await File.ReadAllLinesAsync(_folder["once.decisions.csv"]);
        Assert.Equal("id,decision,outcomes", decisions[0]);
        Assert.Equal(101, decisions.Length);
        Assert.Contains(decisions, line => line.Contains(",abstain,", StringComparison.Ordinal));
        Assert.Contains(decisions, line => line.Contains(",model_", StringComparison.Ordinal));
        Assert.Equal(decisions, await File.ReadAllLinesAsync(_folder["run.decisions.csv"]));
        var evaluated = await CommandRun.OkAsync("evaluate", "--judge", _folder["judge"], "--data", _folder["labelled.jsonl"]);
        Assert.Contains("its rule promises at most 30 %", evaluated.Output, StringComparison.Ordinal);
        Assert.Contains(" of them wrongly (", evaluated.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_blend_leaves_to_a_person_what_all_its_members_do_until_it_has_a_rule_of_its_own()
    {
        await TrainAsync();
        await CommandRun.OkAsync(
            "train", "text", "--data", _folder["train.jsonl"], "--out", _folder["short"], "--set", "boosting.rounds=20");
        foreach (var member in new[] { "judge", "short" })
            await CommandRun.OkAsync("calibrate", "--judge", _folder[member], "--data", _folder["labelled.jsonl"], "--abstain", "0.3");
        await CommandRun.OkAsync(
            "blend", "--judge", _folder["judge"], "--judge", _folder["short"], "--data", _folder["labelled.jsonl"], "--weights", "1,1",
            "--out", _folder["blend"]);
        await PredictAsync("text");
        await PredictAsync("short", "--judge", _folder["short"]);
        await PredictAsync("blend", "--judge", _folder["blend"]);
        await PredictAsync("blend-run", "--judge", _folder["blend"], "--run", _folder["folder"]);
        bool[] both = [.. (await AbstainedAsync("text")).Zip(await AbstainedAsync("short"), (one, other) => one && other)];
        Assert.Contains(true, both);
        Assert.Equal(both, await AbstainedAsync("blend"));
        Assert.Equal(both, await AbstainedAsync("blend-run"));

        BattleWriter.WriteJsonl(_folder["more.jsonl"], SyntheticBattles.Create(1100, seed: 2).Skip(700).ToList());
        await CommandRun.OkAsync(
            "calibrate", "--judge", _folder["blend"], "--data", _folder["more.jsonl"], "--abstain", "0.9");
        await PredictAsync("ruled", "--judge", _folder["blend"]);
        Assert.True((await AbstainedAsync("ruled")).Count(abstains => abstains) < both.Count(abstains => abstains));
    }

    [Theory]
    [InlineData("evaluate")]
    [InlineData("validate")]
    [InlineData("bench", "helpsteer3")]
    public async Task How_much_is_answered_and_how_wrongly_is_said_where_a_judge_is_measured(params string[] verb)
    {
        await TrainAsync();
        await CommandRun.OkAsync(
            "calibrate", "--judge", _folder["judge"], "--data", _folder["labelled.jsonl"], "--abstain", "0.3");
        BattleWriter.WriteJsonl(
            _folder["decisive.jsonl"],
            [.. SyntheticBattles.Create(600, seed: 2).Where(battle => battle.Verdict is not Core.Battles.Verdict.Tie)]);
        string[] command = [.. verb, "--judge", _folder["judge"], "--data", _folder["decisive.jsonl"]];
        var rule = (await CommandRun.OkAsync([.. command, "--json"])).Json["abstention"]!;

        Assert.InRange((int)rule["answered"]!, 1, (int)rule["rows"]!);
        Assert.InRange((int)rule["errors"]!, 0, (int)rule["answered"]!);
        Assert.Contains("The judge answers", (await CommandRun.OkAsync(command)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_attainable_is_not_stored()
    {
        await TrainAsync();
        var before = await File.ReadAllTextAsync(Path.Combine(_folder["judge"], "judge.json"));
        var run = await CommandRun.OfAsync(
            "calibrate", "--judge", _folder["judge"], "--data", _folder["labelled.jsonl"], "--abstain", "0.01");

        Assert.Equal(TiebreakCommand.Failed, run.ExitCode);
        Assert.Contains("No rule was stored", run.Output, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllTextAsync(Path.Combine(_folder["judge"], "judge.json")));
    }

    [Fact]
    public async Task Battles_of_the_training_prove_nothing()
    {
        await TrainAsync();
        var run = await CommandRun.OfAsync(
            "calibrate", "--judge", _folder["judge"], "--data", _folder["train.jsonl"], "--abstain", "0.3");

        Assert.Equal(TiebreakCommand.WrongInput, run.ExitCode);
        Assert.Contains("There are 0 labelled battles about prompts that the judge was not trained on", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_calibration_is_kept_only_if_it_gains()
    {
        await TrainAsync();
        string[] calibrate = ["calibrate", "--judge", _folder["judge"], "--data", _folder["labelled.jsonl"]];
        var none = await CommandRun.OfAsync([.. calibrate, "--method", "none", "--out", _folder["uncalibrated"]]);
        var vector = await CommandRun.OfAsync([.. calibrate, "--method", "vector", "--out", _folder["vector"], "--json"]);

        Assert.Equal(none.ExitCode is TiebreakCommand.Ok, Directory.Exists(_folder["uncalibrated"]));
        Assert.Equal((bool)vector.Json["is_stored"]!, Directory.Exists(_folder["vector"]));
        if (Directory.Exists(_folder["vector"]))
            await CommandRun.OkAsync("predict", "--judge", _folder["vector"], "--data", _folder["test.csv"], "--out", _folder["v.csv"]);
    }

    [Fact]
    public async Task Decisions_need_a_rule()
    {
        await TrainAsync();
        var run = await CommandRun.OfAsync(
            "predict", "--judge", _folder["judge"], "--data", _folder["test.csv"], "--out", _folder["s.csv"], "--decisions", _folder["d.csv"]);

        Assert.Equal(TiebreakCommand.WrongInput, run.ExitCode);
        Assert.Contains("tiebreak calibrate", run.Errors, StringComparison.Ordinal);
    }

    private Task TrainAsync() =>
        CommandRun.OkAsync("train", "text", "--data", _folder["train.jsonl"], "--out", _folder["judge"]);

    private Task PredictAsync(string name, params string[] options) => CommandRun.OkAsync(
        ["predict", .. options.Contains("--judge") ? Array.Empty<string>() : ["--judge", _folder["judge"]], "--data", _folder["test.csv"],
            "--out", _folder[$"{name}.csv"], "--decisions", _folder[$"{name}.decisions.csv"], .. options]);

    private async Task<bool[]> AbstainedAsync(string name) =>
        [.. (await File.ReadAllLinesAsync(_folder[$"{name}.decisions.csv"])).Select(line => line.Contains(",abstain,", StringComparison.Ordinal))];
}
