using System.Net;
using Tiebreak.Core.Battles;

namespace Tiebreak.Explorer.Tests.Server;

/// <summary>Pages that have nothing to show say so in a sentence, and what to do instead.</summary>
public sealed class EmptyPagesTests
{
    private static readonly string[] Pages =
    [
        "/", "/battles", "/battle/1", "/battle/1/similar", "/topics", "/models", "/models/style", "/leaderboard", "/leaderboard?style=arena",
        "/leaderboard?over=month", "/why", "/judge", "/judge/validation", "/judges", "/compare", "/runs", "/vote", "/vote/results",
    ];

    [Fact]
    public async Task Battles_without_votes_models_and_judges_have_all_pages()
    {
        await using var explorer = await RunningExplorer.StartAsync([.. Enumerable.Range(0, 30).Select(i => Battle(i))]);
        await AssertShownAsync(explorer);
        Assert.Contains("<a href=\"/vote\">Vote on them</a>", await explorer.GetAsync("/"), StringComparison.Ordinal);
        Assert.Contains("Nobody has voted yet.", await explorer.GetAsync("/vote/results"), StringComparison.Ordinal);
        Assert.Contains("<code>--judge</code> BUNDLE", await explorer.GetAsync("/judge"), StringComparison.Ordinal);
        Assert.Contains("No battle meets this filter.", await explorer.GetAsync("/battles?text=nowhere"), StringComparison.Ordinal);
        Assert.DoesNotContain("Judge", await MainOfAsync(explorer, "/battles"), StringComparison.Ordinal);
        Assert.DoesNotContain("Ties", await MainOfAsync(explorer, "/topics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_battle_has_all_pages()
    {
        await using var explorer = await RunningExplorer.StartAsync(
            [Battle(1) with { ModelA = "one", ModelB = "other", Verdict = Verdict.A }]);
        await AssertShownAsync(explorer);
        Assert.Contains("each has won or lost all of its battles", await explorer.GetAsync("/leaderboard"), StringComparison.Ordinal);
        using var name = await explorer.PostAsync("/vote/name", ("name", "ann"));
        var token = (await explorer.GetAsync("/vote")).Split("name=\"ballot\" value=\"")[1].Split('"')[0];
        using var vote = await explorer.PostAsync("/vote", ("ballot", token), ("choice", "a"));
        Assert.Contains("You have seen every battle.", await explorer.GetAsync("/vote"), StringComparison.Ordinal);
        Assert.Contains("1 vote in", await explorer.GetAsync("/vote/results"), StringComparison.Ordinal);
    }

    private static async Task AssertShownAsync(RunningExplorer explorer)
    {
        foreach (var page in Pages)
        {
            string html;
            do
            {
                using var answer = await explorer.Client.GetAsync(page, TestContext.Current.CancellationToken);
                html = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                Assert.True(answer.StatusCode is HttpStatusCode.OK, $"{page}: {answer.StatusCode}");
            }
            while (html.Contains("This is being worked out", StringComparison.Ordinal));

            Assert.DoesNotContain("<tbody>\n</tbody>", html, StringComparison.Ordinal);
            Assert.DoesNotContain("NaN", html, StringComparison.Ordinal);
        }
    }

    private static async Task<string> MainOfAsync(RunningExplorer explorer, string page) =>
        (await explorer.GetAsync(page)).Split("<main")[1].Split("</main>")[0];

    private static Battle Battle(int i) => new()
    {
        Id = $"{i}",
        Turns = [new Turn($"Question {i} about {(i % 2 == 0 ? "trees and woods" : "cars and roads")}", $"Answer {i}", "Another answer")],
    };
}
