using System.Globalization;
using System.Xml.Linq;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Randomness;
using Tiebreak.Data;
using Tiebreak.Testing;

namespace Tiebreak.Cli.Tests;

public sealed class RankVerbTests
{
    // The encyclopedia's 22 games; ratings from an independent solver.
    private static readonly string Wikipedia = Csv("A>B:2 B>A:3 B>C:5 C>B:3 A>D:1 D>A:4 C>D:1 D>C:3");

    [Fact]
    public async Task Ratings_and_intervals_for_machines()
    {
        using var folder = new TemporaryFolder();
        var run = await CommandRun.OfAsync(
            "rank", folder.Write("votes.csv", Wikipedia), "--json", "--csv", folder["board.csv"], "--plot", folder["board.svg"]);
        Assert.Equal(0, run.ExitCode);
        var board = run.Json["leaderboard"]!.AsArray();
        Assert.Equal(["D", "B", "C", "A"], board.Select(entry => (string)entry!["model"]!));
        Assert.Equal(1142.4392, (double)board[0]!["rating"]!, 6e-5);
        Assert.Equal(930.015, (double)board[0]!["lower"]!, 6e-4);
        Assert.Equal(1354.864, (double)board[0]!["upper"]!, 6e-4);
        Assert.Equal([1, 2, 3, 4], board.Select(entry => (int)entry!["rank"]!));
        Assert.Equal(9, (int)board[0]!["battles"]!);

        Assert.StartsWith("D,1142.439", (await File.ReadAllLinesAsync(folder["board.csv"]))[1], StringComparison.Ordinal);
        Assert.Equal(4, XDocument.Load(folder["board.svg"]).Descendants().Count(element => element.Name.LocalName is "circle"));
    }

    [Fact]
    public async Task The_table_for_people()
    {
        using var folder = new TemporaryFolder();
        var run = await CommandRun.OfAsync(
            "rank", folder.Write("votes.csv", Csv("X>Y:20 Y>X:10 X=Y:10 Y>Z:15 Z>Y:9 Y=Z:6 X>Z:25 Z>X:5 X=Z:10")), "--model", "davidson",
            "--show", "fragility", "next");
        Assert.Equal(0, run.ExitCode);
        Snapshot.Match(run.Output, "rank");
    }

    [Theory]
    [InlineData("mtbench_human.csv", "gpt-4", "llama-13b", "judge")]
    [InlineData("qlora_vicuna80_human.csv", null, null, null)]
    [InlineData("llmfao_crowd.csv", null, null, "worker")]
    public async Task Real_votes_rank_in_a_sane_order(string file, string? first, string? last, string? voter)
    {
        using var folder = new TemporaryFolder();
        string[] voters = voter is null ? [] : ["--show", "voters", "--cluster", "voter"];
        foreach (var model in (string[])["bt", "davidson", "rao-kupper", "elo"])
        {
            var run = await CommandRun.OfAsync(
                ["rank", Repository.Shared("real", "votes", file), "--json", "--model", model, "--rounds", "50", .. voters]);
            Assert.True(run.ExitCode == 0, run.Errors);
            var board = run.Json["leaderboard"]!.AsArray();
            Assert.All(board, entry =>
                Assert.True((double)entry!["lower"]! <= (double)entry["rating"]! && (double)entry["rating"]! <= (double)entry["upper"]!));
            Assert.Equal(first ?? (string)board[0]!["model"]!, (string)board[0]!["model"]!);
            Assert.Equal(last ?? (string)board[^1]!["model"]!, (string)board[^1]!["model"]!);
        }
    }

    [Fact]
    public async Task Columns_make_slices_and_features()
    {
        using var folder = new TemporaryFolder();
        var random = new SeededRandom(4);
        var lines = new List<string> { "model_a,model_b,winner,category,longer" };
        for (var i = 0; i < 3000; i++)
        {
            var (category, longer) = (i % 2 == 0 ? "code" : "prose", random.NextDouble() < .5 ? 1 : -1);
            var logit = (category is "code" ? 1 : -1) + (.5 * longer);
            var (a, b) = i % 3 == 0 ? ("x", "y") : i % 3 == 1 ? ("y", "z") : ("x", "z");
            lines.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{a},{b},{(random.NextDouble() < 1 / (1 + Math.Exp(-logit)) ? "model_a" : "model_b")},{category},{longer}"));
        }

        var votes = folder.Write("votes.csv", string.Join('\n', lines));
        var run = await CommandRun.OfAsync(
            "rank", votes, "--json", "--by", "category", "--feature", "longer", "--show", "models", "cycles", "matrices");
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.All(run.Json["by_category"]!.AsArray(), slice => Assert.InRange((double)slice!["p_value"]!, 0, 1e-6));
        Assert.InRange((double)run.Json["features"]![0]!["lower"]!, .2, .5);
        Assert.True((double)run.Json["held_out"]!["difference_ci"]![1]! < 0);
        Assert.Equal(5, run.Json["models"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("arena.jsonl")]
    [InlineData("arena.parquet")]
    public async Task Category_tags_of_the_arena_make_slices_that_overlap(string file)
    {
        using var folder = new TemporaryFolder();
        var rows = Enumerable.Range(0, 60).Select(i =>
            $$$"""{"id":"{{{i}}}","model_a":"{{{"xyz"[i % 3]}}}","model_b":"{{{"yzx"[i % 3]}}}","winner":"model_{{{"ab"[i / 3 % 2]}}}","conversation_a":[{"role":"user","content":"p"},{"role":"assistant","content":"a"}],"conversation_b":[{"role":"user","content":"p"},{"role":"assistant","content":"b"}],"category_tag":{"math_v0.1":{"math":{{{(i < 30 ? "true" : "false")}}} },"criteria_v0.1":{"complexity":{{{(i < 20 ? "false" : "true")}}} } } }""");
        var path = folder.Write("arena.jsonl", string.Join('\n', rows));
        if (file is "arena.parquet")
        {
            BattleWriter.WriteParquet(folder[file], BattleReader.Read(path).Select(row => row.Battle!));
            path = folder[file];
        }

        var run = await CommandRun.OfAsync("rank", path, "--json", "--by", "category_tag");

        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Equal(
            [("complexity", 40), ("math", 30)],
            run.Json["by_category_tag"]!.AsArray().Select(slice => ((string)slice!["slice"]!, (int)slice["votes"]!)));
    }

    [Fact]
    public async Task Battles_with_texts_rank_under_style_control()
    {
        using var folder = new TemporaryFolder();
        BattleWriter.WriteJsonl(folder["battles.jsonl"], Battles());
        var run = await CommandRun.OfAsync(
            "rank", folder["battles.jsonl"], "--json", "--style", "length", "--cluster", "prompt", "--by", "language",
            "--plot", folder["pictures"]);
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Equal(3, run.Json["leaderboard"]!.AsArray().Count);
        Assert.Equal("length", (string)run.Json["features"]![0]!["feature"]!);
        Assert.Equal(
            ["battles.svg", "features.svg", "leaderboard.svg", "ties.svg", "win-fractions.svg"],
            Directory.GetFiles(folder["pictures"]).Select(Path.GetFileName).Order(StringComparer.Ordinal)!);
        Assert.All(Directory.GetFiles(folder["pictures"]), file => XDocument.Load(file));
    }

    [Theory]
    [InlineData("model_a,model_b,winner\nx,y,perhaps\nx,y,model_a\ny,x,model_a\n", 2, "\"perhaps\" in 1 of 3 rows")]
    [InlineData("model_a,model_b,winner\nx,x,tie\nx,y,model_a\ny,x,model_a\nx,y,tie\nx,y,tie\n", 0, "sets x against itself")]
    [InlineData("model_a,model_b,winner,weight\nx,y,tie,-1\nx,y,model_a,1\ny,x,model_a,1\nx,y,tie,1\nx,y,tie,1\n", 0, "the weight \"-1\"")]
    [InlineData("model_a,model_b,winner\nGPT-4,y,tie\ngpt 4,y,tie\n", 0, "\"GPT-4\" and \"gpt 4\"")]
    [InlineData("model_a,model_b,winner\nx,y,model_a\n", 2, "x never lost to or tied with the other model")]
    [InlineData("model_a,model_b,winner\nx,x,model_a\n", 2, "sets x against itself")]
    [InlineData("model_a,model_b,winner\n", 2, "no rows")]
    [InlineData("", 2, "empty")]
    [InlineData("{\"pair\":[\"x\",\"y\"],\"winner\":\"B\"}", 2, "--columns model_a=NAME,model_b=NAME,winner=winner")]
    public async Task Bad_votes_are_named(string content, int exitCode, string said)
    {
        using var folder = new TemporaryFolder();
        var run = await CommandRun.OfAsync("rank", folder.Write("votes.csv", content));
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense", "--by", "nonsense")]
    [InlineData("do not say who cast them", "--show", "voters", "chart")]
    [InlineData("Z is not among the 4 models", "--show", "fragility", "--pair", "A", "Z")]
    [InlineData("do not say the language", "--by", "language")]
    [InlineData("not among the 4 models", "--anchor", "Z=1000")]
    [InlineData("not of the form", "--anchor", "Z")]
    [InlineData("Z cannot be excluded", "--exclude", "Z")]
    [InlineData("No vote is a tie", "--model", "davidson")]
    [InlineData("have no time", "--half-life", "10")]
    [InlineData("--rounds is 1", "--rounds", "1")]
    [InlineData("the penalty is -1", "--penalty", "-1")]
    [InlineData("--pair names one model", "--show", "fragility", "--pair", "A")]
    [InlineData("work with --model bt", "--feature", "x", "--model", "elo")]
    [InlineData("--unvoted goes with --judge", "--unvoted", "more.jsonl")]
    [InlineData("--reweight does not go with --judge", "--judge", "folder", "--reweight", "50")]
    [InlineData("can be clustered by prompt", "--judge", "folder", "--cluster", "voter")]
    [InlineData("is not a judge bundle", "--judge", "folder")]
    [InlineData("have no time", "--over-time", "month")]
    [InlineData("rates by votes alone", "--over-time", "month", "--feature", "x")]
    [InlineData("There are no votes", "--exclude", "A", "B", "C")]
    [InlineData("--cost-per-vote goes with --target-width", "--cost-per-vote", "1")]
    [InlineData("cannot be 0 points wide", "--target-width", "0")]
    [InlineData("leave --composite, --style", "--target-width", "10", "--model", "elo")]
    public async Task Wrong_options_are_named(string said, params string[] options)
    {
        using var folder = new TemporaryFolder();
        var run = await CommandRun.OfAsync(["rank", folder.Write("votes.csv", Wikipedia), .. options]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(said, run.Errors, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task What_can_be_rated_is_shown_and_what_cannot_is_named()
    {
        using var folder = new TemporaryFolder();
        var votes = folder.Write(
            "votes.csv", Csv("X>Y:20 Y>X:10 X=Y:10 Y>Z:15 Z>Y:9 Y=Z:6 X>Z:25 Z>X:5 X=Z:10 N>X:2 N>Y:1 Z>L:3 P>Q:1 Q=P:1"));
        var run = await CommandRun.OfAsync("rank", votes, "--show", "chart", "next", "--plot", folder["pictures"]);
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Contains("4 models have no rating, for want of wins or of losses: N, L, P, Q", run.Errors, StringComparison.Ordinal);
        Snapshot.Match(run.Output.Replace(folder["pictures"], "pictures", StringComparison.Ordinal), "rank-unrated");

        var json = (await CommandRun.OfAsync("rank", votes, "--json")).Json;
        Assert.Equal(["X", "Y", "Z"], json["leaderboard"]!.AsArray().Select(entry => (string)entry!["model"]!));
        Assert.Equal(
            ["N never_lost 3", "L never_won 3", "P not_linked 2", "Q not_linked 2"],
            json["unrated"]!.AsArray().Select(entry => $"{entry!["model"]} {entry["reason"]} {entry["battles"]}"));
        Assert.Equal(118, (int)json["votes"]!);

        var penalised = (await CommandRun.OfAsync("rank", votes, "--json", "--penalty", "0.1")).Json;
        Assert.Equal(7, penalised["leaderboard"]!.AsArray().Count);
        Assert.Empty(penalised["unrated"]!.AsArray());

        var anchored = await CommandRun.OfAsync("rank", votes, "--anchor", "N=1000");
        Assert.Equal(2, anchored.ExitCode);
        Assert.Contains("N has no rating", anchored.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Few_votes_are_warned_of()
    {
        using var folder = new TemporaryFolder();
        var run = await CommandRun.OfAsync("rank", folder.Write("votes.csv", Csv("X=Y:15 Y=Z:15 Z=X:3")), "--json");
        Assert.Contains("2 models have fewer than 20 votes: X, Z", run.Errors, StringComparison.Ordinal);
        Assert.Equal([1, 1, 1], run.Json["leaderboard"]!.AsArray().Select(entry => (int)entry!["rank"]!));
    }

    [Fact]
    public async Task Soft_labels_are_fractional_votes()
    {
        using var folder = new TemporaryFolder();
        string[] labels = ["[0.75, 0.25, 0]", "[0.5, 0, 0.5]", "[0, 0.75, 0.25]", "[0.25, 0.5, 0.25]"];
        var (soft, hard) = (new List<string>(), new List<string> { "model_a,model_b,winner,weight" });
        for (var i = 0; i < 36; i++)
        {
            var (a, b) = i % 3 == 0 ? ("x", "y") : i % 3 == 1 ? ("y", "z") : ("x", "z");
            var label = labels[i % 4];
            soft.Add($$"""
                {"id": "{{i}}", "prompt": ["q{{i}}"], "response_a": ["u"], "response_b": ["v"],
                 "model_a": "{{a}}", "model_b": "{{b}}", "soft_label": {{label}}}
                """.Replace("\n", "", StringComparison.Ordinal));
            hard.AddRange(label.Trim('[', ']').Split(", ").Zip(
                (string[])["model_a", "model_b", "tie"], (share, winner) => $"{a},{b},{winner},{share}"));
        }

        var one = await CommandRun.OfAsync("rank", folder.Write("soft.jsonl", string.Join('\n', soft)), "--json", "--show", "models");
        var other = await CommandRun.OfAsync("rank", folder.Write("hard.csv", string.Join('\n', hard)), "--json");
        Assert.True(one.ExitCode == 0, one.Errors);
        Assert.Equal(36, (int)one.Json["votes"]!);
        Assert.All(one.Json["leaderboard"]!.AsArray().Zip(other.Json["leaderboard"]!.AsArray()), both =>
        {
            Assert.Equal((string)both.Second!["model"]!, (string)both.First!["model"]!);
            Assert.Equal((double)both.Second["rating"]!, (double)both.First["rating"]!, 1e-6);
            Assert.Equal(24, (int)both.First["battles"]!);
        });
    }

    [Fact]
    public async Task A_usual_style_feature_that_never_differs_is_left_out()
    {
        using var folder = new TemporaryFolder();
        BattleWriter.WriteJsonl(folder["battles.jsonl"], [.. Battles().Select(battle => battle with
        {
            Turns = [.. battle.Turns.Select((turn, i) => turn with { ResponseA = $"{turn.ResponseA} and", ResponseB = turn.ResponseB })],
        })]);
        var run = await CommandRun.OfAsync("rank", folder["battles.jsonl"], "--json", "--style");
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Contains("the same on both sides of every vote", run.Errors, StringComparison.Ordinal);
        Assert.Contains("length", run.Json["features"]!.AsArray().Select(feature => (string)feature!["feature"]!));

        var named = await CommandRun.OfAsync("rank", folder["battles.jsonl"], "--style", "tables");
        Assert.Equal(2, named.ExitCode);
        var sliced = await CommandRun.OfAsync("rank", folder["battles.jsonl"], "--by", "nosuch");
        Assert.Equal(2, sliced.ExitCode);
        Assert.Contains("do not say the nosuch", sliced.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ranks_over_time()
    {
        using var folder = new TemporaryFolder();
        var lines = new List<string> { "model_a,model_b,winner,tstamp" };
        for (var month = 1; month <= 3; month++)
        {
            // y overtakes x in February; z arrives in March.
            var winner = month == 1 ? "model_a" : "model_b";
            for (var i = 0; i < 40 * month; i++)
                lines.Add($"x,y,{(i % 4 == 0 ? "tie" : winner)},2024-0{month}-{10 + (i % 9)}T00:00:00Z");
            if (month == 3)
                lines.AddRange(["z,x,model_a,2024-03-30T00:00:00Z", "x,z,model_a,2024-03-31T00:00:00Z"]);
        }

        var votes = folder.Write("votes.csv", string.Join('\n', lines));
        var run = await CommandRun.OfAsync("rank", votes, "--json", "--over-time", "month", "--plot", folder["pictures"]);
        Assert.True(run.ExitCode == 0, run.Errors);
        var history = run.Json["history"]!.AsArray();
        Assert.Equal(["2024-01", "2024-02", "2024-03"], history.Select(moment => (string)moment!["period"]!));
        Assert.Equal(["x", "y", "y"], history.Select(moment => (string)moment!["leaderboard"]!.AsArray()[0]!["model"]!));
        Assert.Equal([40, 120, 242], history.Select(moment => (int)moment!["votes"]!));
        Assert.Equal(3, history[2]!["leaderboard"]!.AsArray().Count);
        Assert.Equal((double)run.Json["leaderboard"]![0]!["rating"]!, (double)history[2]!["leaderboard"]![0]!["rating"]!, 1e-9);
        Assert.Contains(XDocument.Load(Path.Combine(folder["pictures"], "history.svg")).Descendants(), element => element.Value is "z");

        // Clusters go with the votes, also where a model has no rating.
        await File.AppendAllTextAsync(votes, "\nw,x,model_a,2024-03-31T00:00:00Z");
        var clustered = await CommandRun.OfAsync("rank", votes, "--json", "--over-time", "month", "--cluster", "month");
        Assert.True(clustered.ExitCode == 0, clustered.Errors);
        Assert.Equal(["w"], clustered.Json["history"]![2]!["unrated"]!.AsArray().Select(model => (string)model!));

        var table = await CommandRun.OfAsync("rank", votes, "--over-time", "quarter", "--show", "chart");
        Assert.Contains("2024-Q1", table.Output, StringComparison.Ordinal);
        Assert.Contains("●", table.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_judge_sharpens_what_few_votes_say_and_is_checked_against_them()
    {
        using var folder = new TemporaryFolder();
        var (known, battles) = (SyntheticBattles.Create(600, seed: 9), Named(SyntheticBattles.Create(1500, seed: 3)));
        BattleWriter.WriteJsonl(folder["train.jsonl"], known);
        Assert.Equal(0, (await CommandRun.OfAsync("train", "feature", "--data", folder["train.jsonl"], "--out", folder["judge"])).ExitCode);
        BattleWriter.WriteJsonl(folder["voted.jsonl"], [.. battles.Where((_, i) => i % 5 == 0), .. Named(known).Take(12)]);
        BattleWriter.WriteJsonl(
            folder["unvoted.jsonl"], [.. battles.Where((_, i) => i % 5 > 0).Select(battle => battle with { Verdict = null })]);

        var run = await CommandRun.OfAsync(
            "rank", folder["voted.jsonl"], "--judge", folder["judge"], "--unvoted", folder["unvoted.jsonl"], "--json", "--csv",
            folder["board.csv"], "--plot", folder["pictures"], "--target-width", "40", "--cost-per-vote", "0.5");
        Assert.True(run.ExitCode == 0, run.Errors);
        var (plan, beside) = (run.Json["votes_to_collect"]!, run.Json["votes_to_collect"]!["with_judge"]!);
        Assert.Equal((long)plan["votes"]! * 0.5, (double)plan["cost"]!);
        Assert.Equal((long)plan["votes"]!, plan["pairs"]!.AsArray().Sum(pair => (long)pair!["votes"]!));
        Assert.All(plan["widths"]!.AsArray(), width => Assert.InRange((double)width!["then"]!, 1, 40 + 1e-9));
        Assert.True((long)plan["votes"]! > (long)beside["as_now"]!["votes"]!);
        Assert.True((long)beside["as_now"]!["votes"]! > (long)beside["at_best"]!["votes"]!);
        Assert.Equal(4, (double)beside["unvoted_per_vote"]!, 1);
        Assert.Contains("trained on 12 of these 1,512 battles", run.Errors, StringComparison.Ordinal);
        Assert.Equal((312, 1200, 12), ((int)run.Json["votes"]!, (int)run.Json["unvoted"]!, (int)run.Json["trained_on"]!));
        Assert.InRange((double)run.Json["lambda"]!, .3, 1);
        Assert.InRange(Width(run.Json["leaderboard"]!), 1, .85 * Width(run.Json["votes_alone"]!));
        Assert.Equal(300, (int)run.Json["judge_check"]!["battles"]!);
        Assert.Equal(3, run.Json["judge_alone"]!.AsArray().Count);
        Assert.Equal(
            ["judge.svg", "leaderboard.svg"],
            Directory.GetFiles(folder["pictures"]).Select(Path.GetFileName).Order(StringComparer.Ordinal)!);

        var alone = await CommandRun.OfAsync("rank", folder["unvoted.jsonl"], "--judge", folder["judge"]);
        Assert.Equal(0, alone.ExitCode);
        Assert.Contains("nobody voted on these battles", alone.Errors, StringComparison.Ordinal);
        var unplanned = await CommandRun.OfAsync(
            "rank", folder["unvoted.jsonl"], "--judge", folder["judge"], "--target-width", "40");
        Assert.Equal(2, unplanned.ExitCode);
        Assert.Contains("plans further votes from those that are there", unplanned.Errors, StringComparison.Ordinal);

        BattleWriter.WriteJsonl(folder["known.jsonl"], Named(known));
        var trained = await CommandRun.OfAsync("rank", folder["known.jsonl"], "--judge", folder["judge"]);
        Assert.Equal(2, trained.ExitCode);
        Assert.Contains("trained on all of these battles", trained.Errors, StringComparison.Ordinal);

        static double Width(System.Text.Json.Nodes.JsonNode board) =>
            board.AsArray().Average(entry => (double)entry!["upper"]! - (double)entry["lower"]!);
    }

    private static IReadOnlyList<Battle> Named(IReadOnlyList<Battle> battles)
    {
        string[] models = ["x", "y", "z"];
        return [.. battles.Select((battle, i) => battle with { ModelA = models[i % 3], ModelB = models[(i + 1 + (i % 2)) % 3] })];
    }

    private static IReadOnlyList<Battle> Battles()
    {
        return [.. Named(SyntheticBattles.Create(300)).Select((battle, i) => battle with { Language = i % 2 == 0 ? "English" : "German" })];
    }

    private static string Csv(string games) => "model_a,model_b,winner\n" + string.Concat(games.Split(' ').Select(game =>
    {
        var (models, count) = (game.Split(':')[0], int.Parse(game.Split(':')[1], CultureInfo.InvariantCulture));
        var sign = models.Contains('=', StringComparison.Ordinal) ? '=' : '>';
        var names = models.Split(sign);
        return string.Concat(Enumerable.Repeat($"{names[0]},{names[1]},{(sign is '=' ? "tie" : "model_a")}\n", count));
    }));
}
