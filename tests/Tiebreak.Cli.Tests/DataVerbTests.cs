using Tiebreak.Core.Battles;
using Tiebreak.Data;
using Tiebreak.Testing;

namespace Tiebreak.Cli.Tests;

public sealed class DataVerbTests
{
    private static readonly IReadOnlyList<Battle> Battles =
    [
        .. SyntheticBattles.Create(40).Select((battle, i) => battle with { ModelA = $"m{i % 3}", ModelB = $"m{(i + 1) % 3}", Language = i % 4 == 0 ? "German" : "English" }),
    ];

    [Fact]
    public async Task Audit_shows_tables_and_writes_a_page()
    {
        using var folder = new TemporaryFolder();
        BattleWriter.WriteJsonl(folder["battles.jsonl"], Battles);
        BattleWriter.WriteKaggleTest(folder["test.csv"], [.. Battles.Take(3)]);

        var run = await CommandRun.OfAsync("data", "audit", "--data", folder["battles.jsonl"], "--test", folder["test.csv"], "--report", folder["audit.html"]);
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
        Assert.Equal(0, (await CommandRun.OfAsync("data", "convert", "--data", folder["one.jsonl"], "--out", folder["two.jsonl.gz"])).ExitCode);
        Assert.Equal(0, (await CommandRun.OfAsync("data", "convert", "--data", folder["two.jsonl.gz"], "--out", folder["three.jsonl"])).ExitCode);
        Assert.Equal(File.ReadAllText(folder["one.jsonl"]), File.ReadAllText(folder["three.jsonl"]));

        var wrong = await CommandRun.OfAsync("data", "convert", "--data", folder["one.jsonl"], "--out", folder["four.xlsx"]);
        Assert.Equal(2, wrong.ExitCode);
        Assert.False(File.Exists(folder["four.xlsx"]));
    }
}
