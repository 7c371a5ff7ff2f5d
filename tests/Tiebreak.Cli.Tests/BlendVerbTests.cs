using Tiebreak.Core.Battles;
using Tiebreak.Core.Randomness;
using Tiebreak.Data;
using Tiebreak.Data.Submissions;
using Tiebreak.Testing;

namespace Tiebreak.Cli.Tests;

/// <summary><c>blend</c> of files of preferences.</summary>
public sealed class BlendVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly IReadOnlyList<Battle> _battles = SyntheticBattles.Create(300);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Given_weights_average_rows_by_id_and_the_overlap_is_said()
    {
        Write("one.csv", ("1", new Preference(0.5, 0.3, 0.2)), ("2", new Preference(0.2, 0.2, 0.6)), ("3", new Preference(0.1, 0.8, 0.1)));
        Write("two.csv", ("2", new Preference(0.6, 0.2, 0.2)), ("1", new Preference(0.1, 0.1, 0.8)));
        var run = await CommandRun.OkAsync(
            "blend", _folder["one.csv"], _folder["two.csv"], "--weights", "3,1", "--out", _folder["out.csv"]);
        Assert.Contains("2 rows are in both files, of 3 in any", run.Output, StringComparison.Ordinal);
        Assert.Contains("two.csv lacks 1 of them: 3.", run.Output, StringComparison.Ordinal);
        var rows = SubmissionFile.Read(_folder["out.csv"]);
        Assert.Equal(["1", "2", "3"], rows.Select(row => row.Id));
        Assert.Equal(0.4, rows[0].Preference.A, 1e-12);
        Assert.Equal(0.3, rows[1].Preference.A, 1e-12);
        Assert.Equal(0.8, rows[2].Preference.B, 1e-12);
    }

    [Fact]
    public async Task Labels_fit_the_weights_and_tell_what_each_member_brings()
    {
        WriteJudges();
        string[] files = [_folder["one.csv"], _folder["two.csv"], _folder["noise.csv"]];
        string[] blend = ["blend", .. files, "--data", _folder["battles.jsonl"], "--ablate", "--by", "turns"];
        var run = await CommandRun.OkAsync([.. blend, "--report", _folder["report.html"]]);
        Snapshot.Match(run.Output.Replace(_folder.Path + Path.DirectorySeparatorChar, "", StringComparison.Ordinal), "blend");
        Assert.True(File.Exists(_folder["report.html"]));

        var json = (await CommandRun.OkAsync([.. blend, "--json", "--out", _folder["out.csv"]])).Json;
        var report = json["report"]!;
        Assert.True((double)report["gain_ci"]![0]! > 0);
        Assert.True((double)json["members"]![2]!["weight"]! < 0.05);
        Assert.Equal(["one.csv", "two.csv"], Members(report["sets"]!.AsArray().Single(set => (bool)set!["is_cheapest"]!)!["members"]!));
        Assert.Equal(1, (double)report["correlations"]![0]![0]!, 1e-9);

        var evaluated = (await CommandRun.OkAsync(
            "evaluate", "--predictions", _folder["out.csv"], "--data", _folder["battles.jsonl"], "--json")).Json;
        Assert.True((double)evaluated["log_loss"]! < (double)json["members"]![0]!["log_loss"]! - 0.02);
    }

    [Fact]
    public async Task An_exchanged_member_is_named()
    {
        WriteJudges();
        SubmissionFile.Write(
            _folder["exchanged.csv"], [.. _battles.Select(battle => battle.Id)],
            [.. SubmissionFile.Read(_folder["two.csv"]).Select(row => row.Preference.Swapped())]);
        var run = await CommandRun.OkAsync(
            "blend", _folder["one.csv"], _folder["exchanged.csv"], "--data", _folder["battles.jsonl"], "--pool", "log");
        Assert.Contains("Alarm, exchanged.csv: A and B look exchanged", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2 `weights` were given", "--weights", "1,2")]
    [InlineData("divided by their sum", "--weights", "1,-1,1")]
    [InlineData("\"x\" is no number", "--weights", "1,x,1")]
    [InlineData("goes with", "--weights-by", "turns")]
    public async Task Impossible_weights_are_refused(string message, params string[] options)
    {
        WriteJudges();
        var run = await CommandRun.OfAsync(["blend", _folder["one.csv"], _folder["two.csv"], _folder["noise.csv"], .. options]);
        Assert.Equal(TiebreakCommand.WrongInput, run.ExitCode);
        Assert.Contains(message.Replace("`weights`", "--weights", StringComparison.Ordinal), run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_about_other_battles_are_refused()
    {
        Write("one.csv", ("1", Preference.Uniform));
        Write("two.csv", ("2", Preference.Uniform));
        var run = await CommandRun.OfAsync("blend", _folder["one.csv"], _folder["two.csv"]);
        Assert.Equal(TiebreakCommand.WrongInput, run.ExitCode);
        Assert.Contains("have no id in common", run.Errors, StringComparison.Ordinal);
        var single = await CommandRun.OfAsync("blend", _folder["one.csv"]);
        Assert.Contains("2 to 20 members; 1 were given", single.Errors, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Members(System.Text.Json.Nodes.JsonNode names) => names.AsArray().Select(name => (string)name!);

    /// <summary>Two judges that err on different battles, and one that knows nothing.</summary>
    private void WriteJudges()
    {
        BattleWriter.WriteJsonl(_folder["battles.jsonl"], _battles);
        var random = new SeededRandom(1);
        foreach (var (name, knowledge) in new[] { ("one", 1.2), ("two", 1.2), ("noise", 0.0) })
        {
            Write($"{name}.csv", [.. _battles.Select(battle => (battle.Id, Said(battle.Target!.Value, knowledge, ref random)))]);
        }
    }

    private static Preference Said(Preference target, double knowledge, ref SeededRandom random) => Preference.FromScores(
        (knowledge * target.A) + (2.5 * random.NextDouble()), (knowledge * target.B) + (2.5 * random.NextDouble()),
        (knowledge * target.Tie) + (2.5 * random.NextDouble()));

    private void Write(string name, params (string Id, Preference Said)[] rows) =>
        SubmissionFile.Write(_folder[name], [.. rows.Select(row => row.Id)], [.. rows.Select(row => row.Said)]);
}
