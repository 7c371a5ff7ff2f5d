using Tiebreak.Data;
using Tiebreak.Testing;

namespace Tiebreak.Cli.Tests;

[Collection(HubEnvironment.Name)]
public sealed class FetchVerbTests
{
    [Fact]
    public async Task Fetch_gets_the_files_of_a_set_which_can_then_be_read_and_does_not_get_them_again()
    {
        using var folder = new TemporaryFolder();
        using var hub = new FakeHub();
        BattleWriter.WriteKaggleTrain(
            folder["train.csv"], [.. SyntheticBattles.Create(20).Select(battle => battle with { ModelA = "m1", ModelB = "m2" })]);
        hub.Files["train.csv"] = await File.ReadAllBytesAsync(folder["train.csv"], TestContext.Current.CancellationToken);
        hub.Files["README.md"] = "not fetched"u8.ToArray();
        Environment.SetEnvironmentVariable("HF_ENDPOINT", hub.Address.ToString());
        try
        {
            hub.Behave = (request, number) => number == 1 && request.Path.Contains("/resolve/", StringComparison.Ordinal)
                ? new FakeHubAnswer { Status = 503, Headers = { ["Retry-After"] = "0" } }
                : null;
            var first = await CommandRun.OfAsync("data", "fetch", "arena-55k", "--out", folder["arena"], "--json");
            Assert.Equal((0, "c0ffee", "Apache-2.0"), (first.ExitCode, (string?)first.Json["commit"], (string?)first.Json["licence"]));
            Assert.Matches(@"the\s+server\s+answered\s+503\.\s+Trying\s+again\s+in\s+0\s+s\.", first.Errors);
            Assert.Equal("Fetched", (string?)first.Json["files"]![0]!["outcome"]);
            var battles = BattleSet.Load([folder["arena/train.csv"]]).Battles;
            Assert.Equal(20, battles.Count);
            Assert.All(
                battles, battle => Assert.Equal(("lmsys/lmsys-arena-human-preference-55k", "Apache-2.0"), (battle.Source, battle.License)));
            Assert.Equal(
                ["train.csv", "train.csv.source.json"],
                Directory.GetFiles(folder["arena"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));

            var again = await CommandRun.OfAsync("data", "fetch", "lmsys/lmsys-arena-human-preference-55k", "--out", folder["arena"]);
            Assert.Contains("verified; 1 was there before", again.Output, StringComparison.Ordinal);
            Assert.Equal(2, hub.Downloads.Count());

            hub.Behave = (_, _) => new FakeHubAnswer { Status = 401 };
            var gated = await CommandRun.OfAsync("data", "fetch", "arena-33k", "--out", folder["gated"]);
            Assert.Equal(2, gated.ExitCode);
            Assert.Contains("HF_TOKEN", gated.Errors, StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable("HF_ENDPOINT", null);
        }
    }

    [Fact]
    public async Task Sets_are_listed_and_unknown_ones_named()
    {
        Assert.Equal(57_477, (int)(await CommandRun.OfAsync("data", "fetch", "--list", "--json")).Json["sets"]![1]!["rows"]!);
        Assert.Contains("hh-rlhf", (await CommandRun.OfAsync("data", "fetch", "--list")).Output, StringComparison.Ordinal);
        Assert.Contains(
            "It knows arena-33k, arena-55k", (await CommandRun.OfAsync("data", "fetch", "nothing")).Errors, StringComparison.Ordinal);
        Assert.Contains("Name a set", (await CommandRun.OfAsync("data", "fetch")).Errors, StringComparison.Ordinal);
    }
}
