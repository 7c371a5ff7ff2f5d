using Tiebreak.Core.Battles;
using Tiebreak.Core.Randomness;
using Tiebreak.Data;
using Tiebreak.Data.Submissions;
using Tiebreak.Testing;

namespace Tiebreak.Cli.Tests;

/// <summary><c>predictions diff</c> and <c>ledger</c>.</summary>
public sealed class ScoreKeepingTests
{
    [Fact]
    public async Task Diff_matches_rows_by_id_and_says_which_file_is_better()
    {
        using var folder = new TemporaryFolder();
        var battles = SyntheticBattles.Create(80);
        BattleWriter.WriteJsonl(folder["battles.jsonl"], battles);
        SubmissionFile.Write(folder["one.csv"], [.. battles.Select(battle => battle.Id)], [.. battles.Select(_ => Preference.Uniform)]);
        var better = battles.Skip(2).Reverse().ToList();
        SubmissionFile.Write(
            folder["two.csv"], [.. better.Select(battle => battle.Id)],
            [.. better.Select(battle => Preference.FromScores(battle.Target!.Value.A, battle.Target!.Value.B, battle.Target!.Value.Tie))]);

        var run = await CommandRun.OfAsync("predictions", "diff", folder["one.csv"], folder["two.csv"], "--data", folder["battles.jsonl"]);
        Assert.Equal(0, run.ExitCode);
        Snapshot.Match(run.Output.Replace(folder.Path + Path.DirectorySeparatorChar, "", StringComparison.Ordinal), "predictions-diff");

        var json = (await CommandRun.OfAsync(
            "predictions", "diff", folder["one.csv"], folder["two.csv"], "--data", folder["battles.jsonl"], "--json")).Json;
        Assert.Equal(78, (int)json["rows"]!);
        Assert.Equal([battles[0].Id, battles[1].Id], json["only_in_first"]!.AsArray().Select(id => (string)id!));
        Assert.True((double)json["difference_ci"]![0]! > 0);
    }

    [Fact]
    public async Task A_private_test_set_is_told_from_labelled_battles_and_the_best_two_files_are_chosen()
    {
        using var folder = new TemporaryFolder();
        var battles = SyntheticBattles.Create(300);
        BattleWriter.WriteJsonl(folder["battles.jsonl"], battles);
        var random = new SeededRandom(1);
        double[] good = [.. battles.Select(_ => (2 * random.NextDouble()) - 0.4)];
        double[] other = [.. battles.Select(_ => (2 * random.NextDouble()) - 0.42)];
        foreach (var (name, scores) in new (string, double[])[]
        {
            ("good", good), ("twin", [.. good.Select(score => score + (0.1 * random.NextDouble()) - 0.06)]), ("other", other),
            ("poor", [.. good.Select(score => score - 0.5)]),
        })
        {
            SubmissionFile.Write(
                folder[$"{name}.csv"], [.. battles.Select(battle => battle.Id)],
                [.. battles.Select((battle, i) => Said(battle.Target!.Value, scores[i]))]);
        }

        string[] files = [folder["good.csv"], folder["twin.csv"], folder["other.csv"], folder["poor.csv"]];
        string[] about = ["--data", folder["battles.jsonl"], "--private-rows", "1000"];
        var run = await CommandRun.OkAsync(["predictions", "choose", .. files, .. about]);
        Snapshot.Match(run.Output, "predictions-choose");
        var json = (await CommandRun.OkAsync(["predictions", "choose", .. files, .. about, "--json"])).Json;
        Assert.Equal(6, json["pairs"]!.AsArray().Count);
        Assert.Equal(1, json["files"]!.AsArray().Sum(file => (double)file!["chance_of_best"]!), 9);

        var two = await CommandRun.OkAsync(["predictions", "diff", files[0], files[3], .. about, "--json"]);
        Assert.True((double)two.Json["chance_first_better"]! > 0.99);
        Assert.True((double)two.Json["private_difference_ci"]![1]! < 0);

        var without = await CommandRun.OfAsync("predictions", "diff", files[0], files[1], "--private-rows", "1000");
        Assert.Equal(TiebreakCommand.WrongInput, without.ExitCode);
        Assert.Contains("--private-rows goes with --data", without.Errors, StringComparison.Ordinal);
        var single = await CommandRun.OfAsync(["predictions", "choose", files[0], .. about]);
        Assert.Equal(TiebreakCommand.WrongInput, single.ExitCode);
        Assert.Contains("2 to 50 files", single.Errors, StringComparison.Ordinal);

        static Preference Said(Preference target, double score) =>
            Preference.FromScores(score * target.A, score * target.B, score * target.Tie);
    }

    [Fact]
    public async Task Files_without_a_common_id_cannot_be_compared()
    {
        using var folder = new TemporaryFolder();
        SubmissionFile.Write(folder["one.csv"], ["1"], [Preference.Uniform]);
        SubmissionFile.Write(folder["two.csv"], ["2"], [Preference.Uniform]);
        var run = await CommandRun.OfAsync("predictions", "diff", folder["one.csv"], folder["two.csv"]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("no id in common", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_ledger_fits_a_line_and_predicts()
    {
        using var folder = new TemporaryFolder();
        foreach (var (name, cv, lb) in new[]
        {
            ("gemma", "0.926", "0.930"), ("llama", "0.942", "0.954"), ("trees", "1.024", "1.032"), ("deberta", "0.997", "1.012"),
        })
        {
            Assert.Equal(
                0,
                (await CommandRun.OfAsync("ledger", "add", "--file", folder["l.jsonl"], "--name", name, "--cv", cv, "--lb", lb)).ExitCode);
        }

        await CommandRun.OfAsync("ledger", "add", "--file", folder["l.jsonl"], "--name", "next", "--cv", "0.91", "--note", "not handed in");

        var run = await CommandRun.OfAsync("ledger", "show", "--file", folder["l.jsonl"], "--cv", "0.91");
        Assert.Equal(0, run.ExitCode);
        Snapshot.Match(run.Output, "ledger");
    }

    [Fact]
    public async Task Two_entries_make_no_line_and_a_flat_one_is_called_meaningless()
    {
        using var folder = new TemporaryFolder();
        async Task AddAsync(string name, string cv, string lb) =>
            await CommandRun.OfAsync("ledger", "add", "--file", folder["l.jsonl"], "--name", name, "--cv", cv, "--lb", lb);
        await AddAsync("a", "0.90", "0.95");
        await AddAsync("b", "0.95", "0.94");
        Assert.Contains(
            "a line needs three",
            (await CommandRun.OfAsync("ledger", "show", "--file", folder["l.jsonl"])).Output,
            StringComparison.Ordinal);

        await AddAsync("c", "1.0", "0.95");
        Assert.Contains(
            "Do not rely on the line",
            (await CommandRun.OfAsync("ledger", "show", "--file", folder["l.jsonl"])).Output,
            StringComparison.Ordinal);

        var none = await CommandRun.OfAsync("ledger", "show", "--file", folder["no.jsonl"]);
        Assert.Equal(2, none.ExitCode);
        Assert.Contains("no entries", none.Errors, StringComparison.Ordinal);
    }
}
