using System.Net;
using System.Text.Json;
using Tiebreak.Core.Battles;
using Tiebreak.Explorer.Tests.Server;

namespace Tiebreak.Explorer.Tests.Topics;

public sealed class TopicsPageTests
{
    private static readonly string[] Kitchen = ["bread", "soup", "cake", "pasta", "salad"];
    private static readonly string[] Code = ["python", "javascript", "haskell", "kotlin", "rust"];

    [Fact]
    public async Task Topics_lead_to_their_battles()
    {
        await using var explorer = await RunningExplorer.StartAsync(Battles());
        using var early = await explorer.Client.GetAsync("/battles?topic=0", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, early.StatusCode);
        Assert.Contains("Topics are not known yet", await early.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);

        await explorer.UntilWorkedOutAsync("/topics");
        using var json = JsonDocument.Parse(await explorer.GetAsync("/topics.json"));
        var topics = json.RootElement.GetProperty("topics").EnumerateArray().ToList();
        Assert.Equal(Battles().Count, topics.Sum(topic => topic.GetProperty("battles").GetInt32()));
        foreach (var (topic, number) in topics.Select((topic, number) => (topic, number)))
        {
            using var battles = JsonDocument.Parse(await explorer.GetAsync($"/battles.json?topic={number}"));
            Assert.Equal(topic.GetProperty("battles").GetInt32(), battles.RootElement.GetProperty("total").GetInt32());
        }

        var html = await explorer.GetAsync("/topics");
        Assert.Contains("<svg", html, StringComparison.Ordinal);
        Assert.Contains("href=\"/leaderboard?topic=0\"", html, StringComparison.Ordinal);
        var csv = await explorer.GetAsync("/topics/assignments.csv");
        Assert.Equal(Battles().Count + 1, csv.TrimEnd('\n').Split('\n').Length);
        Assert.StartsWith("number,id,topic,title,area,area_title,tokens\n1,0,", csv, StringComparison.Ordinal);
    }

    private static IReadOnlyList<Battle> Battles() =>
    [
        .. from i in Enumerable.Range(0, 40)
           let isKitchen = i % 2 == 0
           let word = (isKitchen ? Kitchen : Code)[i % 5]
           select new Battle
           {
               Id = $"{i}",
               Turns = [new Turn(isKitchen ? $"recipe {i} for {word} in the oven" : $"function {i} that sorts a list with {word}", "a", "b")],
               ModelA = "one",
               ModelB = "other",
               Verdict = (Verdict)(i % 3),
           },
    ];
}
