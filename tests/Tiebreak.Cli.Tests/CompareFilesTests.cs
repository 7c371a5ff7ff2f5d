using Tiebreak.Core.Battles;
using Tiebreak.Data;
using Tiebreak.Testing;

namespace Tiebreak.Cli.Tests;

public sealed class CompareFilesTests
{
    [Fact]
    public async Task Two_files_are_told_apart_by_what_differs_whether_or_not_they_have_labels()
    {
        using var folder = new TemporaryFolder();
        var battles = SyntheticBattles.Create(240);
        BattleWriter.WriteJsonl(folder["train.jsonl"], battles.Take(120).Select(battle => battle with { ModelA = "a", ModelB = "b" }));
        BattleWriter.WriteKaggleTest(folder["test.csv"], [.. battles.Skip(120).Select((battle, i) => i == 0 ? battle : Longer(battle))]);

        string[] arguments = ["data", "compare", folder["train.jsonl"], folder["test.csv"]];
        var json = (await CommandRun.OkAsync([.. arguments, "--json"])).Json;
        var run = await CommandRun.OkAsync([.. arguments, "--report", folder["page.html"]]);

        Assert.True((double)json["separations"]![0]!["auc_ci"]![0]! > 0.9);
        Assert.Equal("lengths", (string)json["differences"]![0]!["kind"]!);
        Assert.Equal(battles[120].Id, (string)json["test_like_train"]![0]!["id"]!); // the only one that is as in the other file
        Assert.Contains("The files differ", run.Output, StringComparison.Ordinal);
        Assert.Contains("most by lengths", run.Output, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("What differs", await File.ReadAllTextAsync(folder["page.html"]), StringComparison.Ordinal);
    }

    private static Battle Longer(Battle battle) => battle with
    {
        Turns = [battle.Turns[0] with
        {
            ResponseA = string.Concat(Enumerable.Repeat(battle.Turns[0].ResponseA, 5)),
            ResponseB = string.Concat(Enumerable.Repeat(battle.Turns[0].ResponseB, 5)),
        }],
    };
}
