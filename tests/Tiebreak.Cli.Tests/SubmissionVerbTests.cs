using Tiebreak.Data;
using Tiebreak.Testing;

namespace Tiebreak.Cli.Tests;

/// <summary>Submissions in both forms, from a judge to a checked file.</summary>
public sealed class SubmissionVerbTests
{
    [Theory]
    [InlineData]
    [InlineData("--run", "run", "--budget", "1m")]
    public async Task Winners_are_predicted_and_pass_the_check(params string[] run)
    {
        using var folder = new TemporaryFolder();
        var battles = SyntheticBattles.Create(60);
        BattleWriter.WriteJsonl(folder["train.jsonl"], battles);
        BattleWriter.WriteKaggleTest(folder["test.csv"], battles);
        await CommandRun.OfAsync("train", "priors", "--data", folder["train.jsonl"], "--out", folder["judge"]);
        string[] more = [.. run.Select(part => part is "run" ? folder[part] : part)];

        var predicted = await CommandRun.OfAsync(
            ["predict", "--judge", folder["judge"], "--data", folder["test.csv"], "--out", folder["out.csv"], "--form", "winner", .. more]);
        Assert.Equal(0, predicted.ExitCode);
        var lines = await File.ReadAllLinesAsync(folder["out.csv"]);
        Assert.Equal(["id,winner", .. battles.Select(battle => battle.Id)], lines.Select(line => line is "id,winner" ? line : line[..^8]));
        Assert.All(lines[1..], line => Assert.Contains(line[^7..], new[] { "model_a", "model_b" }));

        var check = await CommandRun.OfAsync("submission", "check", folder["out.csv"], "--test", folder["test.csv"]);
        Assert.Equal(0, check.ExitCode);
        Assert.Contains("valid in the form with winners: 60 rows for 60 battles", check.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_test_data_may_call_its_ids_otherwise()
    {
        using var folder = new TemporaryFolder();
        var test = folder.Write("test.csv", "nr,prompt,response_a,response_b\n7,p,a,b\n8,p,a,b\n");
        var submission = folder.Write("submission.csv", "id,winner_model_a,winner_model_b,winner_tie\n8,0.5,0.25,0.25\n7,0.2,0.2,0.6\n");

        await CommandRun.OkAsync("submission", "check", submission, "--test", test, "--columns", "id=nr");
        await CommandRun.OkAsync("submission", "repair", submission, "--test", test, "--out", folder["out.csv"], "--columns", "id=nr");

        Assert.Equal(["7,0.2,0.2,0.6", "8,0.5,0.25,0.25"], (await File.ReadAllLinesAsync(folder["out.csv"]))[1..]);
    }

    [Fact]
    public async Task A_check_names_logits_and_a_repair_needs_to_know_their_scale()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["test.csv"], "id,prompt,response_a,response_b\n1,[null],[null],[null]\n2,[null],[null],[null]\n");
        await File.WriteAllTextAsync(folder["logits.csv"], "id,winner_model_a,winner_model_b,winner_tie\n1,-1.2,0.3,2.5\n2,1.9,-0.4,0.1\n");

        var check = await CommandRun.OfAsync("submission", "check", folder["logits.csv"], "--test", folder["test.csv"], "--json");
        Assert.Equal(1, check.ExitCode);
        Assert.Equal("NotProbabilities", (string)Assert.Single(check.Json["problems"]!.AsArray())!["kind"]!);

        string[] repair = ["submission", "repair", folder["logits.csv"], "--test", folder["test.csv"], "--out", folder["out.csv"]];
        var refused = await CommandRun.OfAsync(repair);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("--scale softmax", refused.Errors, StringComparison.Ordinal);
        Assert.Equal(0, (await CommandRun.OfAsync([.. repair, "--scale", "softmax"])).ExitCode);
        Assert.Equal(0, (await CommandRun.OfAsync("submission", "check", folder["out.csv"], "--test", folder["test.csv"])).ExitCode);
    }
}
