using System.Globalization;
using Tiebreak.Core.Battles;
using Tiebreak.Data;
using Tiebreak.Testing;

namespace Tiebreak.Cli.Tests;

/// <summary>How likely neither response is acceptable, from labels "both bad" to every verb that says it.</summary>
public sealed class AcceptabilityTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    // Both bad is what people say of two short responses.
    private readonly IReadOnlyList<Battle> _battles =
    [
        .. SyntheticBattles.Create(300).Select((battle, i) => i % 3 > 0 ? battle : battle with
        {
            Turns = [battle.Turns[0] with { ResponseA = "No.", ResponseB = "Why?" }],
            Verdict = i % 12 == 0 ? Verdict.Tie : Verdict.BothBad,
        }),
    ];

    public AcceptabilityTests()
    {
        BattleWriter.WriteJsonl(_folder["train.jsonl"], _battles);
        BattleWriter.WriteJsonl(_folder["ties.jsonl"], _battles.Select(battle =>
            battle.Verdict is Verdict.BothBad ? battle with { Verdict = Verdict.Tie } : battle));
        BattleWriter.WriteJsonl(_folder["new.jsonl"], SyntheticBattles.Create(400, seed: 2).Skip(300));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_verb_says_it()
    {
        var trained = await TrainAsync("judge", "train.jsonl");
        Assert.Contains("Is either good enough? People called 75 of 300 battles both bad", trained.Output, StringComparison.Ordinal);

        var evaluated = await CommandRun.OkAsync(
            "evaluate", "--judge", _folder["judge"], "--data", _folder["train.jsonl"], "--json");
        var result = evaluated.Json["neither_acceptable"]!;
        Assert.Equal(75, (int)result["both_bad"]!);
        Assert.True((double)result["log_loss"]! < (double)result["log_loss_of_share"]! - 0.1);

        BattleWriter.WriteKaggleTest(_folder["test.csv"], _battles);
        await CommandRun.OkAsync(
            "predict", "--judge", _folder["judge"], "--data", _folder["test.csv"], "--out", _folder["out.csv"],
            "--decisions", _folder["decisions.csv"]);
        var lines = await File.ReadAllLinesAsync(_folder["decisions.csv"]);
        Assert.Equal("id,decision,outcomes,neither_acceptable", lines[0]);
        Assert.All(
            lines.Skip(1), line => Assert.InRange(double.Parse(line.Split(',')[^1], CultureInfo.InvariantCulture), double.Epsilon, 1));
        Assert.Equal("id,winner_model_a,winner_model_b,winner_tie", (await File.ReadAllLinesAsync(_folder["out.csv"]))[0]);
        await CommandRun.OkAsync(
            "predict", "--judge", _folder["judge"], "--data", _folder["test.csv"], "--out", _folder["run.csv"], "--run", _folder["run"],
            "--decisions", _folder["of-run.csv"]);
        Assert.Equal(lines, await File.ReadAllLinesAsync(_folder["of-run.csv"]));

        var compared = await CommandRun.OkAsync(
            "compare", "--judge", _folder["judge"], "--prompt", "Question?", "--a", "No.", "--b", "Why?", "--json");
        Assert.Equal(0.75, (double)compared.Json["neither_acceptable"]!, 0.1);
    }

    [Fact]
    public async Task A_blend_says_what_the_member_says_that_knows()
    {
        await TrainAsync("judge", "train.jsonl");
        await CommandRun.OkAsync("train", "length", "--data", _folder["ties.jsonl"], "--out", _folder["length"]);
        await CommandRun.OkAsync(
            "blend", "--judge", _folder["judge"], "--judge", _folder["length"], "--data", _folder["new.jsonl"], "--weights", "1,3",
            "--out", _folder["blend"]);
        BattleWriter.WriteKaggleTest(_folder["test.csv"], _battles);
        foreach (var judge in new[] { "judge", "blend" })
        {
            await CommandRun.OkAsync(
                "predict", "--judge", _folder[judge], "--data", _folder["test.csv"], "--out", _folder["out.csv"], "--run", _folder[$"{judge}.run"],
                "--decisions", _folder[$"{judge}.csv"]);
        }

        var (alone, blended) = (await File.ReadAllLinesAsync(_folder["judge.csv"]), await File.ReadAllLinesAsync(_folder["blend.csv"]));
        Assert.Equal(alone.Select(line => line.Split(',')[^1]), blended.Select(line => line.Split(',')[^1]));
        Assert.Contains("neither_acceptable", blended[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_judge_that_never_saw_such_labels_says_nothing_of_it()
    {
        await TrainAsync("judge", "train.jsonl");
        await TrainAsync("ties", "ties.jsonl");

        var compared = await CommandRun.OkAsync(
            "compare", "--judge", _folder["ties"], "--prompt", "Question?", "--a", "No.", "--b", "Why?", "--json");
        Assert.False(compared.Json.ContainsKey("neither_acceptable"));
        var evaluated = await CommandRun.OkAsync("evaluate", "--judge", _folder["judge"], "--data", _folder["ties.jsonl"]);
        Assert.Contains("No battle here is labelled both bad", evaluated.Output, StringComparison.Ordinal);
    }

    private Task<CommandRun> TrainAsync(string name, string data) => CommandRun.OkAsync(
        "train", "text", "--data", _folder[data], "--out", _folder[name], "--set", "boosting.rounds=20");
}
