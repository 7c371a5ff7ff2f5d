using System.Text.Json.Nodes;
using Tiebreak.Core.Battles;
using Tiebreak.Data;
using Tiebreak.Testing;

namespace Tiebreak.Cli.Tests;

/// <summary>A judge is watched on votes that come day by day.</summary>
public sealed class WatchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public WatchTests()
    {
        var battles = SyntheticBattles.Create(1200).Select(battle => battle with { Language = "English" }).ToList();
        Write("train.jsonl", battles[..200]);
        Write("reference.jsonl", battles[200..700]);
        Write("monday.jsonl", battles[700..900]);
        Write("tuesday.jsonl", battles[850..1000]); // the first 50 were there on Monday
        Write("both.jsonl", battles[700..1000]);
        Write("drifted.jsonl", battles[1000..].Select(battle =>
            battle with { Verdict = battle.Verdict!.Value.Swapped(), Language = "German" }));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Quiet_votes_raise_no_alarm_and_come_to_the_same_at_once_and_day_by_day()
    {
        await TrainAsync();
        Assert.Equal(TiebreakCommand.Ok, (await WatchAsync("parts.json", "monday.jsonl")).ExitCode);
        var tuesday = await WatchAsync("parts.json", "tuesday.jsonl", "--json");
        await WatchAsync("whole.json", "both.jsonl");

        Assert.False((bool)tuesday.Json["is_alarm"]!);
        Assert.Equal((300, 100, 50), ((int)tuesday.Json["votes"]!, (int)tuesday.Json["new_votes"]!, (int)tuesday.Json["known_votes"]!));
        Assert.Equal(await File.ReadAllTextAsync(_folder["whole.json"]), await File.ReadAllTextAsync(_folder["parts.json"]));
        Assert.True((double)tuesday.Json["watched"]![0]!["evidence"]! < 1);
    }

    [Fact]
    public async Task A_judge_that_people_no_longer_agree_with_raises_an_alarm_that_stays_and_names_what_is_new()
    {
        await TrainAsync();
        await WatchAsync("state.json", "monday.jsonl");
        var drifted = await WatchAsync("state.json", "drifted.jsonl", "--json");

        Assert.Equal(TiebreakCommand.Failed, drifted.ExitCode);
        Assert.InRange((int)drifted.Json["watched"]![0]!["alarm_at"]!, 201, 400);
        Assert.Contains(drifted.Json["shifts"]!.AsArray(), shift => "Language: German".Equals((string)shift!["slice"]!, StringComparison.Ordinal));
        var later = await WatchAsync("state.json", "tuesday.jsonl");
        Assert.Equal(TiebreakCommand.Failed, later.ExitCode);
        Assert.Contains(
            "Alarm: log loss above the reference, judge surer than it is right.", later.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_state_of_the_first_format_goes_on_as_it_was_begun_and_says_what_it_does_not_watch()
    {
        await TrainAsync();
        await WatchAsync("state.json", "monday.jsonl");
        var state = JsonNode.Parse(await File.ReadAllTextAsync(_folder["state.json"]))!.AsObject();
        state["format_version"] = 1;
        foreach (var part in (JsonNode[])[state["reference"]!, state["drift"]!, .. state["recent"]!.AsArray()!])
            Assert.True(part.AsObject().Remove("overconfidence"));
        await File.WriteAllTextAsync(_folder["state.json"], state.ToJsonString());

        var run = await WatchAsync("state.json", "tuesday.jsonl");
        Assert.Equal(TiebreakCommand.Ok, run.ExitCode);
        Assert.Contains("is not watched", run.Output, StringComparison.Ordinal);
        var written = await File.ReadAllTextAsync(_folder["state.json"]);
        Assert.Contains("\"format_version\":1,", written, StringComparison.Ordinal);
        Assert.DoesNotContain("overconfidence", written, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_file_the_validation_is_the_reference_and_battles_of_the_training_are_left_out()
    {
        await TrainAsync();
        string[] votes = [_folder["train.jsonl"], _folder["monday.jsonl"]];
        var run = await CommandRun.OkAsync(["watch", "--judge", _folder["judge"], "--votes", .. votes, "--json"]);

        Assert.Equal((200, 200), ((int)run.Json["votes"]!, (int)run.Json["trained_on"]!));
        var validation = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(_folder["judge"], "judge.json")))!["validation"]!;
        Assert.Equal((double)validation["log_loss_ci"]![1]!, (double)run.Json["most_log_loss"]!);
        Assert.Equal((double)validation["shares"]!["tie"]!, (double)run.Json["reference_tie_share"]!);
        Assert.Equal((double)validation["overconfidence_ci"]![1]!, (double)run.Json["most_overconfidence"]!);
    }

    [Fact]
    public async Task A_state_that_does_not_belong_to_the_watch_is_refused()
    {
        await TrainAsync();
        await WatchAsync("state.json", "monday.jsonl");
        await CommandRun.OkAsync("train", "text", "--data", _folder["both.jsonl"], "--out", _folder["other"]);
        await File.WriteAllTextAsync(_folder["damaged.json"], """{"format_version":1,"judge":"","reference":null}""");

        await RefusedAsync("another judge", "--judge", _folder["other"], "--state", _folder["state.json"]);
        await RefusedAsync(
            "another reference", "--judge", _folder["judge"], "--state", _folder["state.json"], "--reference", _folder["both.jsonl"]);
        await RefusedAsync("as the state of a watch", "--judge", _folder["judge"], "--state", _folder["damaged.json"]);
    }

    private async Task RefusedAsync(string said, params string[] options)
    {
        var run = await CommandRun.OfAsync(["watch", "--votes", _folder["monday.jsonl"], .. options]);
        Assert.Equal(TiebreakCommand.WrongInput, run.ExitCode);
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
        Assert.Contains("--state", run.Errors, StringComparison.Ordinal);
    }

    private void Write(string name, IEnumerable<Battle> battles) => BattleWriter.WriteJsonl(_folder[name], battles);

    private Task TrainAsync() => CommandRun.OkAsync("train", "text", "--data", _folder["train.jsonl"], "--out", _folder["judge"]);

    private Task<CommandRun> WatchAsync(string state, string votes, params string[] options) => CommandRun.OfAsync(
        ["watch", "--judge", _folder["judge"], "--votes", _folder[votes], "--state", _folder[state],
            "--reference", _folder["reference.jsonl"], .. options]);
}
