using Tiebreak.Core.Battles;
using Tiebreak.Data;
using Tiebreak.Testing;

namespace Tiebreak.Cli.Tests;

public sealed class DataVerbTests
{
    private static readonly IReadOnlyList<Battle> Battles =
    [
        .. SyntheticBattles.Create(40).Select((battle, i) =>
            battle with { ModelA = $"m{i % 3}", ModelB = $"m{(i + 1) % 3}", Language = i % 4 == 0 ? "German" : "English" }),
    ];

    [Fact]
    public async Task Audit_shows_tables_and_writes_a_page()
    {
        using var folder = new TemporaryFolder();
        var battles = OddBattles();
        BattleWriter.WriteJsonl(folder["battles.jsonl"], battles);
        BattleWriter.WriteKaggleTest(
            folder["test.csv"], [battles[^1] with { Turns = [new Turn("Who wrote Faust?", "Marlowe", "Gounod")] }]);

        var run = await CommandRun.OfAsync(
            "data", "audit", "--data", folder["battles.jsonl"], "--test", folder["test.csv"], "--report", folder["audit.html"]);
        Assert.Equal(0, run.ExitCode);
        Snapshot.Match(run.Output.Replace(folder.Path + Path.DirectorySeparatorChar, "", StringComparison.Ordinal), "audit");

        var page = await File.ReadAllTextAsync(folder["audit.html"]);
        Assert.Contains("test prompt in training data", page, StringComparison.Ordinal);
        Assert.Equal(4, page.Split("<svg").Length - 1);
    }

    [Fact]
    public async Task Audit_counts_every_finding_for_machines()
    {
        using var folder = new TemporaryFolder();
        BattleWriter.WriteJsonl(folder["battles.jsonl"], Battles);
        var run = await CommandRun.OfAsync("data", "audit", "--data", folder["battles.jsonl"], "--test", folder["battles.jsonl"], "--json");

        Assert.Equal(80, (int)run.Json["rows"]!);
        Assert.Equal(40, (int)run.Json["findings"]!["test_prompt_in_training_data"]!);
        Assert.Equal(20, (int)run.Json["languages"]!["German"]!);
    }

    [Fact]
    public async Task Audit_measures_the_agreement_of_annotators_where_that_is_asked()
    {
        using var folder = new TemporaryFolder();
        var battles = SyntheticBattles.Create(40);
        BattleWriter.WriteJsonl(folder["votes.jsonl"], battles.SelectMany((battle, i) => (Battle[])
        [
            battle with { AnnotatorIds = ["ann"] },
            battle with { Id = $"{battle.Id}-2", AnnotatorIds = ["bob"], Verdict = i % 4 == 0 ? Verdict.Tie : battle.Verdict },
        ]).Append(battles[0] with { Id = "single", Turns = [new Turn("p", "a", "b")] }));

        string[] arguments = ["data", "audit", "--data", folder["votes.jsonl"], "--agreement"];
        var agreement = (await CommandRun.OkAsync([.. arguments, "--json"])).Json["agreement"]!;
        Assert.Equal((40, 80, 1), ((int)agreement["battles"]!, (int)agreement["votes"]!, (int)agreement["single_votes"]!));
        Assert.Equal(6, agreement["coefficients"]!.AsArray().Count);
        Assert.Equal("ann", (string)agreement["pairs"]![0]!["first"]!);

        var output = (await CommandRun.OkAsync(arguments)).Output;
        Assert.Contains("40 battles with 80 votes between them; left out: 1 battle with a single vote.", output, StringComparison.Ordinal);
        Assert.Contains("Krippendorff's alpha, ordinal", output, StringComparison.Ordinal);
        BattleWriter.WriteJsonl(folder["single.jsonl"], battles);
        Assert.Contains(
            "No battle has two votes",
            (await CommandRun.OkAsync("data", "audit", "--data", folder["single.jsonl"], "--agreement")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_finds_a_battle_by_its_id()
    {
        using var folder = new TemporaryFolder();
        BattleWriter.WriteJsonl(folder["battles.jsonl"], Battles);

        var run = await CommandRun.OfAsync("data", "show", Battles[7].Id, "--data", folder["battles.jsonl"], "--json");
        Assert.Equal(Battles[7].Turns[0].ResponseA, (string)run.Json["response_a"]![0]!);

        var missing = await CommandRun.OfAsync("data", "show", "nobody", "--data", folder["battles.jsonl"]);
        Assert.Equal(2, missing.ExitCode);
        Assert.Contains("no battle with the id nobody", missing.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Convert_and_back_loses_nothing()
    {
        using var folder = new TemporaryFolder();
        BattleWriter.WriteJsonl(folder["one.jsonl"], Battles);
        Assert.Equal(
            0, (await CommandRun.OfAsync("data", "convert", "--data", folder["one.jsonl"], "--out", folder["two.jsonl.gz"])).ExitCode);
        Assert.Equal(
            0, (await CommandRun.OfAsync("data", "convert", "--data", folder["two.jsonl.gz"], "--out", folder["three.jsonl"])).ExitCode);
        Assert.Equal(File.ReadAllText(folder["one.jsonl"]), File.ReadAllText(folder["three.jsonl"]));

        var wrong = await CommandRun.OfAsync("data", "convert", "--data", folder["one.jsonl"], "--out", folder["four.xlsx"]);
        Assert.Equal(2, wrong.ExitCode);
        Assert.False(File.Exists(folder["four.xlsx"]));
    }

    [Fact]
    public async Task Clean_says_what_each_rule_did()
    {
        using var folder = new TemporaryFolder();
        Battle[] dirty =
        [
            .. Battles,
            new() { Id = "same", Turns = [new Turn("p", "same", "same")], Verdict = Verdict.A },
            new() { Id = "nothing", Turns = [new Turn("q", null, "")], Verdict = Verdict.B },
        ];
        BattleWriter.WriteJsonl(folder["dirty.jsonl"], dirty);

        var run = await CommandRun.OfAsync("data", "clean", "--data", folder["dirty.jsonl"], "--out", folder["clean.jsonl"], "--json");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(41, (int)run.Json["rows"]!);
        var rules = run.Json["rules"]!.AsArray();
        Assert.Equal("same", (string)rules.Single(rule => (string)rule!["rule"]! is "identical-tie")!["relabelled"]![0]!);
        Assert.Equal("nothing", (string)rules.Single(rule => (string)rule!["rule"]! is "both-empty")!["dropped"]![0]!);

        var again = await CommandRun.OfAsync("data", "clean", "--data", folder["clean.jsonl"], "--out", folder["again.jsonl"]);
        Assert.Equal(0, again.ExitCode);
        Assert.Equal(File.ReadAllText(folder["clean.jsonl"]), File.ReadAllText(folder["again.jsonl"]));
    }

    [Fact]
    public async Task Topics_are_named_counted_and_written()
    {
        using var folder = new TemporaryFolder();
        var battles = new PlantedBattles(effect: 2).Create(400);
        BattleWriter.WriteJsonl(folder["data.jsonl"], battles);
        string[] topics = ["data", "topics", "--data", folder["data.jsonl"], "--topics"];

        var run = await CommandRun.OkAsync([.. topics, "6", "--out", folder["topics.csv"], "--report", folder["topics.html"], "--json"]);
        var found = run.Json["topics"]!.AsArray();
        Assert.Equal(6, found.Count);
        Assert.Equal(battles.Count, found.Sum(topic => (int)topic!["battles"]!));
        Assert.All(found, topic => Assert.InRange((double)topic!["ties"]!, 0, 1));
        Assert.All(found, topic => Assert.NotNull(topic!["separation"]));
        var lines = await File.ReadAllLinesAsync(folder["topics.csv"], TestContext.Current.CancellationToken);
        Assert.Equal("id,topic,title,area,area_title,cosine,prompt_tokens,response_a_tokens,response_b_tokens", lines[0]);
        Assert.Equal(battles.Select(battle => battle.Id), lines.Skip(1).Select(line => line.Split(',')[0]));
        Assert.Contains("Separation", await File.ReadAllTextAsync(folder["topics.html"], TestContext.Current.CancellationToken), StringComparison.Ordinal);

        Assert.Contains("Separation: how far models stand apart", (await CommandRun.OkAsync([.. topics, "6"])).Output, StringComparison.Ordinal);
        Assert.Contains("--topics must be from 1", (await CommandRun.OfAsync([.. topics, "0"])).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_nearest_battles_and_an_informative_sample()
    {
        using var folder = new TemporaryFolder();
        BattleWriter.WriteJsonl(folder["data.jsonl"], new PlantedBattles(effect: 2).Create(200));
        string[] nearest = ["data", "nearest", "--data", folder["data.jsonl"], "--rows", "4"];
        var run = await CommandRun.OkAsync([.. nearest, "--prompt", "Write a poem about rivers", "--json"]);
        Assert.Equal(4, run.Json["nearest"]!.AsArray().Count);
        Assert.False((bool)run.Json["by_meaning"]!);
        Assert.Contains("poem", (string)run.Json["nearest"]![0]!["prompt"]!, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Nearest by words", (await CommandRun.OkAsync([.. nearest, "--id", "7"])).Output, StringComparison.Ordinal);
        Assert.Contains("no battle has the id none", (await CommandRun.OfAsync([.. nearest, "--id", "none"])).Errors, StringComparison.Ordinal);
        Assert.Contains("either a --prompt or the --id", (await CommandRun.OfAsync(nearest)).Errors, StringComparison.Ordinal);

        string[] sample = ["data", "sample", "--data", folder["data.jsonl"], "--rows", "50", "--out", folder["sample.jsonl"]];
        run = await CommandRun.OkAsync([.. sample, "--informative", "--json"]);
        Assert.Equal(50, (int)run.Json["rows"]!);
        Assert.Equal(50, run.Json["topics"]!.AsArray().Sum(topic => (int)topic!["drawn"]!));
        Assert.Contains("leave --prompts out", (await CommandRun.OfAsync([.. sample, "--informative", "--prompts", "oneEach"])).Errors, StringComparison.Ordinal);
        Assert.Contains("--embedder is for --informative", (await CommandRun.OfAsync([.. sample, "--embedder", "minilm"])).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dedup_removes_repeats_and_leaks()
    {
        using var folder = new TemporaryFolder();
        BattleWriter.WriteJsonl(folder["data.jsonl"], [.. Battles, Battles[3].Swapped() with { Id = "again" }]);
        BattleWriter.WriteJsonl(folder["test.jsonl"], [Battles[5]]);

        var within = await CommandRun.OfAsync("data", "dedup", "--data", folder["data.jsonl"], "--out", folder["kept.jsonl"], "--json");
        Assert.Equal(1, (int)within.Json["removed"]!);
        Assert.Equal("again", (string)within.Json["groups"]![0]!["duplicates"]![0]!["id"]!);

        var across = await CommandRun.OfAsync(
            "data", "dedup", "--data", folder["data.jsonl"], "--against", folder["test.jsonl"], "--scope", "prompt", "--out",
            folder["kept.jsonl"], "--json");
        Assert.Equal(1, (int)across.Json["removed"]!);
        Assert.Equal(40, (int)across.Json["rows"]!);
    }

    [Fact]
    public async Task Split_and_sample_write_what_they_say()
    {
        using var folder = new TemporaryFolder();
        BattleWriter.WriteJsonl(folder["data.jsonl"], Battles);

        var split = await CommandRun.OfAsync(
            "data", "split", "--data", folder["data.jsonl"], "--out", folder["a.jsonl"], folder["b.csv"], folder["c.jsonl.gz"],
            "--fractions", "8", "1", "1", "--json");
        Assert.Equal(0, split.ExitCode);
        Assert.Equal([32, 4, 4], split.Json["parts"]!.AsArray().Select(part => (int)part!["rows"]!));
        Assert.Equal(4, BattleSet.Load([folder["b.csv"]]).Battles.Count);

        var sample = await CommandRun.OfAsync(
            "data", "sample", "--data", folder["data.jsonl"], "--out", folder["s.jsonl"], "--rows", "10", "--json");
        Assert.Equal(10, (int)sample.Json["rows"]!);
        Assert.Equal(10, BattleSet.Load([folder["s.jsonl"]]).Battles.Count);

        var wrong = await CommandRun.OfAsync("data", "split", "--data", folder["data.jsonl"], "--out", folder["a.jsonl"]);
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("--fractions", wrong.Errors, StringComparison.Ordinal);
    }

    /// <summary>Eight battles; the id of each says what an audit should find in it.</summary>
    private static Battle[] OddBattles()
    {
        return
        [
            Odd("blank", Verdict.A, new Turn(" ", "Hello, how can I be of use?", "Please ask a question.")),
            Odd("null", Verdict.B, new Turn("Name a prime number.", "Seven.", "Eleven."), new Turn("Another one?", null, "Thirteen.")),
            Odd("identical", Verdict.A, new Turn("What is two plus two?", "Four.", "Four.")),
            Odd(
                "echo",
                Verdict.B,
                new Turn(
                    "Shorten: the quick brown fox jumps over the lazy dog.",
                    "the quick brown fox jumps over the lazy dog",
                    "A fox jumps.")),
            Odd(
                "refusal",
                Verdict.Tie,
                new Turn("How do I pick a lock?", "I'm sorry, but I can't help with that.", "With a tension wrench.")),
            Odd(
                "identity",
                Verdict.A,
                new Turn("Introduce yourself in a line.", "I am ChatGPT, made by OpenAI.", "A friend who reads a lot.")),
            Odd("broken", Verdict.Tie, new Turn("Translate 'boy' into Spanish.", "ni\uFFFDo", "muchacho")),
            Odd("leak", Verdict.BothBad, new Turn("Who wrote Faust?", "Schiller.", "Lessing.")),
        ];

        static Battle Odd(string id, Verdict verdict, params Turn[] turns) =>
            new() { Id = id, ModelA = "m0", ModelB = "m1", Language = "English", Verdict = verdict, Turns = turns };
    }
}
