using System.Globalization;
using Tiebreak.Core.Battles;
using Tiebreak.Data;
using Tiebreak.Data.Submissions;
using Tiebreak.Testing;

namespace Tiebreak.Cli.Tests;

/// <summary>Reports, learning curves and the reading of a loss, through the real command line.</summary>
public sealed class EvaluateTests
{
    private const string Hostile = "<script>alert(1)</script><img src=x onerror=alert(2)>";

    [Fact]
    public async Task The_page_needs_nothing_from_outside_and_runs_nothing_that_a_model_wrote()
    {
        using var folder = new TemporaryFolder();
        var battles = SyntheticBattles.Create(120).Select((battle, i) => battle with
        {
            Turns = [new Turn(
                battle.Turns[0].Prompt + Hostile,
                battle.Turns[0].ResponseA + string.Concat(Enumerable.Repeat(Hostile, 400)),
                i % 5 == 0 ? null : battle.Turns[0].ResponseB)],
            ModelA = Hostile,
            ModelB = "plain",
        }).ToList();
        BattleWriter.WriteJsonl(folder["battles.jsonl"], battles);
        Predict(folder["p.csv"], battles);

        var run = await CommandRun.OfAsync(
            "evaluate", "--predictions", folder["p.csv"], "--data", folder["battles.jsonl"], "--report", folder["report.html"]);

        Assert.Equal(0, run.ExitCode);
        var page = await File.ReadAllTextAsync(folder["report.html"]);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http", page, StringComparison.Ordinal);
        foreach (var section in new[]
        {
            "Metrics", "Baselines", "Calibration", "Probabilities", "Confusion", "Difference in length", "Language", "Special cases",
            "Worst misses",
        })
        {
            Assert.Contains($"<h2>{section}</h2>", page, StringComparison.Ordinal);
        }

        Assert.Contains("characters are not shown", page, StringComparison.Ordinal);
        Assert.True(page.Length < 2_000_000);
    }

    [Fact]
    public async Task Json_carries_the_numbers_of_the_page()
    {
        using var folder = new TemporaryFolder();
        var battles = SyntheticBattles.Create(120);
        BattleWriter.WriteJsonl(folder["battles.jsonl"], battles);
        Predict(folder["p.csv"], battles);

        var json = (await CommandRun.OfAsync(
            "evaluate", "--predictions", folder["p.csv"], "--data", folder["battles.jsonl"], "--json")).Json;

        foreach (var key in new[]
        {
            "temperature_refit", "reliability", "histogram", "by_turns", "by_length", "by_length_difference", "by_language", "by_finding",
            "misses", "confusion",
        })
        {
            Assert.True(json.ContainsKey(key), key);
        }

        Assert.Equal(12, json["misses"]!.AsArray().Count);
        Assert.Equal((double)json["log_loss"]!, (double)json["by_turns"]!["1 turn"]!["log_loss"]!, 9);
    }

    [Fact]
    public async Task A_set_without_ties_is_said_to_be_one_and_the_sides_are_compared()
    {
        using var folder = new TemporaryFolder();
        var battles = SyntheticBattles.Create(200).Where(battle => battle.Verdict is not Verdict.Tie).ToList();
        BattleWriter.WriteJsonl(folder["battles.jsonl"], battles);
        SubmissionFile.Write(
            folder["p.csv"], [.. battles.Select(battle => battle.Id)],
            [.. battles.Select(battle => battle.Verdict is Verdict.A ? new Preference(0.2, 0.1, 0.7) : new Preference(0.1, 0.2, 0.7))]);

        string[] arguments = ["evaluate", "--predictions", folder["p.csv"], "--data", folder["battles.jsonl"]];
        Assert.Contains("None of these battles ended in a tie", (await CommandRun.OkAsync(arguments)).Output, StringComparison.Ordinal);
        var json = (await CommandRun.OkAsync([.. arguments, "--json"])).Json;
        Assert.Equal((0, 1), ((double)json["accuracy"]!, (double)json["decisive"]!["accuracy"]!));
        Assert.Equal(-Math.Log(2.0 / 3), (double)json["decisive"]!["log_loss"]!, 9);
    }

    [Fact]
    public async Task Answers_with_A_and_B_exchanged_raise_an_alarm()
    {
        using var folder = new TemporaryFolder();
        var battles = SyntheticBattles.Create(200);
        BattleWriter.WriteJsonl(folder["battles.jsonl"], battles);
        SubmissionFile.Write(
            folder["p.csv"], [.. battles.Select(battle => battle.Id)],
            [.. battles.Select((battle, i) => Preference.Normalised(
                battle.Verdict is Verdict.B ? 5 : 1 + (i % 3), battle.Verdict is Verdict.A ? 5 : 1, battle.Verdict is Verdict.Tie ? 5 : 1))]);

        string[] arguments = ["--predictions", folder["p.csv"], "--data", folder["battles.jsonl"]];
        foreach (var verb in new[] { "evaluate", "validate" })
        {
            Assert.Contains(
                "Alarm: A and B look exchanged", (await CommandRun.OkAsync([verb, .. arguments])).Output, StringComparison.Ordinal);
            var json = (await CommandRun.OkAsync([verb, .. arguments, "--json"])).Json;
            Assert.Equal("Exchanged", (string)json["alarms"]![0]!["kind"]!);
        }
    }

    [Fact]
    public async Task Battles_that_the_judge_has_seen_are_told_from_new_ones()
    {
        using var folder = new TemporaryFolder();
        var battles = SyntheticBattles.Create(200);
        BattleWriter.WriteJsonl(folder["train.jsonl"], [.. battles.Take(100)]);
        BattleWriter.WriteJsonl(folder["test.jsonl"], [.. battles.Skip(70).Select(battle => battle.Swapped())]);
        Assert.Equal(0, (await CommandRun.OfAsync(
            "train", "priors", "--data", folder["train.jsonl"], "--out", folder["judge"], "--oof", folder["oof.csv"])).ExitCode);

        var run = await CommandRun.OfAsync("evaluate", "--judge", folder["judge"], "--data", folder["test.jsonl"], "--json");
        Assert.Equal(30, (int)run.Json["by_seen"]!["trained on the battle"]!["rows"]!);
        Assert.Equal(100, (int)run.Json["by_seen"]!["new to the judge"]!["rows"]!);
        Assert.Contains("trained on 30 of these 130 battles", run.Errors, StringComparison.Ordinal);

        BattleWriter.WriteJsonl(folder["new.jsonl"], [.. battles.Skip(100)]);
        var clean = await CommandRun.OfAsync("evaluate", "--judge", folder["judge"], "--data", folder["new.jsonl"]);
        Assert.Contains("trained on none of these battles", clean.Output, StringComparison.Ordinal);

        var oof = await CommandRun.OfAsync("evaluate", "--predictions", folder["oof.csv"], "--data", folder["train.jsonl"], "--json");
        Assert.Equal(100, (int)oof.Json["rows"]!);
    }

    [Fact]
    public async Task A_curve_is_a_table_json_and_a_page()
    {
        using var folder = new TemporaryFolder();
        BattleWriter.WriteJsonl(folder["battles.jsonl"], SyntheticBattles.Create(300));
        string[] arguments =
        [
            "evaluate", "--curve", "--recipe", "priors", "--data", folder["battles.jsonl"], "--rows", "60", "120", "--report",
            folder["curve.html"],
        ];

        var run = await CommandRun.OfAsync([.. arguments, "--json"]);
        Assert.Equal([60, 120], run.Json["curve"]!.AsArray().Select(point => (int)point!["training_rows"]!));
        Assert.Equal(2, (await File.ReadAllTextAsync(folder["curve.html"])).Split("<svg").Length - 1);
        Assert.Contains("Learning curve", (await CommandRun.OfAsync(arguments)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Simulate_reads_a_loss()
    {
        var run = await CommandRun.OfAsync("evaluate", "--simulate", "0.93", "--ties", "0.3");
        Assert.Equal(0, run.ExitCode);
        Snapshot.Match(run.Output, "simulate");
    }

    [Theory]
    [InlineData("--data", "evaluate", "--judge", "x")]
    [InlineData("recipe", "evaluate", "--curve", "--data", "x.csv")]
    [InlineData("No calibrated judge", "evaluate", "--simulate", "1.3")]
    [InlineData("--ties", "evaluate", "--simulate", "0.9", "--ties", "1.5")]
    public async Task Wrong_usage_is_said(string said, params string[] arguments)
    {
        var run = await CommandRun.OfAsync(arguments);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predictions_are_scored_on_the_battles_that_they_have()
    {
        using var folder = new TemporaryFolder();
        var battles = SyntheticBattles.Create(40);
        BattleWriter.WriteJsonl(folder["battles.jsonl"], battles);
        Predict(folder["whole.csv"], battles);
        var header = "winner_tie,,id,winner_model_b,winner_model_a,fold\n";
        var lines = SubmissionFile.Read(folder["whole.csv"]).Take(3).Select((row, i) => string.Create(
            CultureInfo.InvariantCulture,
            $"{1.0001 * row.Preference.Tie},{i},{row.Id},{1.0001 * row.Preference.B},{1.0001 * row.Preference.A},0\n"));
        await File.WriteAllTextAsync(folder["part.csv"], header + string.Concat(lines) + "0.4,9,nobody,0.3,0.3,0\n");
        BattleWriter.WriteJsonl(folder["three.jsonl"], battles.Take(3));
        Predict(folder["three.csv"], [.. battles.Take(3)]);

        string[] arguments = ["evaluate", "--predictions", folder["part.csv"], "--data", folder["battles.jsonl"]];
        var run = await CommandRun.OfAsync(arguments);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains(
            "Scored: 3 of 40 battles, those that have a prediction; 1 prediction is of no battle here (nobody).", run.Output,
            StringComparison.Ordinal);

        var json = (await CommandRun.OfAsync([.. arguments, "--json"])).Json;
        Assert.Equal((3, 37, 1), ((int)json["rows"]!, (int)json["battles_without_prediction"]!, (int)json["predictions_without_battle"]!));
        var expected = (await CommandRun.OfAsync(
            "evaluate", "--predictions", folder["three.csv"], "--data", folder["three.jsonl"], "--json")).Json;
        Assert.Equal((double)expected["log_loss"]!, (double)json["log_loss"]!, 9);
    }

    [Fact]
    public async Task Logits_are_scored_where_their_scale_is_said()
    {
        using var folder = new TemporaryFolder();
        var battles = SyntheticBattles.Create(40);
        BattleWriter.WriteJsonl(folder["battles.jsonl"], battles);
        Predict(folder["probabilities.csv"], battles);
        var rows = SubmissionFile.Read(folder["probabilities.csv"]).Select(row => string.Create(
            CultureInfo.InvariantCulture,
            $"{row.Id},{Math.Log(row.Preference.A)},{Math.Log(row.Preference.B)},{Math.Log(row.Preference.Tie)}\n"));
        await File.WriteAllTextAsync(
            folder["logits.csv"], "id,winner_model_a,winner_model_b,winner_tie\n" + string.Concat(rows));

        Task<CommandRun> EvaluateAsync(string file, params string[] more) => CommandRun.OfAsync(
            ["evaluate", "--predictions", folder[file], "--data", folder["battles.jsonl"], "--json", .. more]);
        var refused = await EvaluateAsync("logits.csv");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("--scale softmax", refused.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("repair", refused.Errors, StringComparison.Ordinal);
        Assert.Equal(
            (double)(await EvaluateAsync("probabilities.csv")).Json["log_loss"]!,
            (double)(await EvaluateAsync("logits.csv", "--scale", "softmax")).Json["log_loss"]!, 9);
    }

    private static void Predict(string path, IReadOnlyList<Battle> battles) => SubmissionFile.Write(
        path, [.. battles.Select(battle => battle.Id)],
        [.. battles.Select((_, i) => Preference.FromScores(i % 7 * 0.2, i % 5 * 0.2, 0.3))]);
}
