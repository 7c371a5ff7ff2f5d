using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Tiebreak.Core.Battles;
using Tiebreak.Data;
using Tiebreak.Testing;

namespace Tiebreak.Explorer.Tests.Server;

public sealed partial class PagesTests(PagesTests.Fixture fixture) : IClassFixture<PagesTests.Fixture>
{
    private readonly IReadOnlyList<Battle> _battles = fixture.Battles;
    private readonly RunningExplorer _explorer = fixture.Explorer;

    public static TheoryData<string> Pages =>
    [
        "/", "/battles", "/battle/7", "/battle/7/similar", "/topics", "/models", "/models/style", "/leaderboard", "/why", "/judge", "/judges", "/compare", "/runs",
        "/vote", "/vote/results",
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Every_page_is_whole_HTML_without_inline_script_or_style_and_is_data_too(string page)
    {
        var html = await _explorer.GetAsync(page);
        Assert.EndsWith("</html>\n", html, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"<script(?! src=)|<style|\s(?:style|on[a-z]+)=|https?://", html);
        AssertNested(html);
        var json = await _explorer.GetAsync((page is "/" ? "/overview" : page) + ".json");
        Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(json).RootElement.ValueKind);
    }

    [Fact]
    public async Task Links_of_pages_lead_to_pages()
    {
        var (open, seen) = (new Queue<string>(["/"]), new HashSet<string>(StringComparer.Ordinal) { "/" });
        while (open.TryDequeue(out var address) && seen.Count < 150)
        {
            using var answer = await _explorer.Client.GetAsync(address, TestContext.Current.CancellationToken);
            Assert.True(answer.StatusCode is HttpStatusCode.OK, $"{address}: {answer.StatusCode}");
            if (answer.Content.Headers.ContentType?.MediaType is not "text/html")
                continue;
            var html = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            foreach (var link in Link.Matches(html).Select(match => WebUtility.HtmlDecode(match.Groups["address"].Value)))
            {
                if (!link.StartsWith('#') && seen.Add(link))
                    open.Enqueue(link);
            }
        }
    }

    [Fact]
    public async Task The_list_shows_battles_of_a_filter_and_leads_to_them()
    {
        var wanted = _battles.Where(battle => battle.ModelA is "coder-1" || battle.ModelB is "coder-1")
            .Where(battle => battle.Verdict is Verdict.Tie).ToList();
        using var json = JsonDocument.Parse(await _explorer.GetAsync("/battles.json?model=coder-1&winner=tie"));
        Assert.Equal(wanted.Count, json.RootElement.GetProperty("total").GetInt32());
        Assert.Equal(
            wanted.Take(50).Select(battle => battle.Id),
            json.RootElement.GetProperty("battles").EnumerateArray().Select(battle => battle.GetProperty("id").GetString()));
        var csv = await _explorer.GetAsync("/battles.csv?model=coder-1&winner=tie");
        Assert.Equal(Math.Min(50, wanted.Count) + 1, csv.TrimEnd('\n').Split('\n').Length);
        var html = await _explorer.GetAsync("/battles?model=coder-1&winner=tie");
        Assert.Contains("?model=coder-1&amp;winner=tie\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_battle_leads_to_its_neighbours_in_the_selection()
    {
        int[] ties = [.. _battles.Index().Where(battle => battle.Item.Verdict is Verdict.Tie).Select(battle => battle.Index + 1)];
        var html = await _explorer.GetAsync($"/battle/{ties[1]}?winner=tie");
        Assert.Contains($"rel=\"prev\" data-key=\"k ArrowLeft\" href=\"/battle/{ties[0]}?winner=tie\"", html, StringComparison.Ordinal);
        Assert.Contains($"rel=\"next\" data-key=\"j ArrowRight\" href=\"/battle/{ties[2]}?winner=tie\"", html, StringComparison.Ordinal);
        Assert.Contains("<mark>", await _explorer.GetAsync($"/battle/{ties[1]}?view=differences"), StringComparison.Ordinal);
        using var json = JsonDocument.Parse(await _explorer.GetAsync($"/battle/{ties[1]}.json"));
        Assert.Equal(_battles[ties[1] - 1].Id, json.RootElement.GetProperty("id").GetString());
    }

    [Fact]
    public async Task Battles_are_found_by_id()
    {
        using var answer = await _explorer.Client.GetAsync("/battle?id=41", TestContext.Current.CancellationToken);
        Assert.Equal("/battle/42", answer.Headers.Location?.OriginalString);
    }

    [Theory]
    [InlineData("/battles?modle=x", HttpStatusCode.BadRequest, "did you mean model")]
    [InlineData("/battles?page=0", HttpStatusCode.BadRequest, "page is a whole number")]
    [InlineData("/battle/9999", HttpStatusCode.BadRequest, "no battle 9,999")]
    [InlineData("/nowhere", HttpStatusCode.NotFound, "no such page")]
    [InlineData("/assets/../../etc/passwd", HttpStatusCode.NotFound, "no such page")]
    public async Task What_is_wrong_is_said_on_a_page(string address, HttpStatusCode status, string sentence)
    {
        using var answer = await _explorer.Client.GetAsync(address, TestContext.Current.CancellationToken);
        Assert.Equal(status, answer.StatusCode);
        var html = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains(sentence, html, StringComparison.Ordinal);
        Assert.EndsWith("</html>\n", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("jsonl")]
    [InlineData("csv")]
    [InlineData("parquet")]
    public async Task A_selection_is_exported(string format)
    {
        using var folder = new TemporaryFolder();
        var file = await _explorer.Client.GetByteArrayAsync(
            $"/battles/export?winner=tie&format={format}", TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(folder[$"battles.{format}"], file, TestContext.Current.CancellationToken);
        Assert.Equal(
            _battles.Where(battle => battle.Verdict is Verdict.Tie).Select(battle => battle.Id),
            BattleSet.Load([folder[$"battles.{format}"]]).Battles.Select(battle => battle.Id));
    }

    [Fact]
    public async Task The_leaderboard_of_a_selection_is_that_of_its_battles()
    {
        using var all = JsonDocument.Parse(await _explorer.GetAsync("/leaderboard.json"));
        Assert.Equal(_battles.Count, all.RootElement.GetProperty("votes").GetInt32());
        Assert.Equal(PlantedBattles.Strong, all.RootElement.GetProperty("leaderboard")[0].GetProperty("model").GetString());
        using var some = JsonDocument.Parse(await _explorer.GetAsync("/leaderboard.json?turns=2"));
        Assert.True(some.RootElement.TryGetProperty("note", out _));
    }

    [Fact]
    public async Task The_leaderboard_over_time_is_that_of_all_votes_until_the_end_of_each_period()
    {
        Battle[] battles =
        [
            .. new PlantedBattles(2).Create(200).Select((battle, i) => battle with
            {
                Timestamp = i == 7 ? null : new DateTimeOffset(2024, 1 + (i / 70), 15, 0, 0, 0, TimeSpan.Zero),
            }),
        ];
        await using var explorer = await RunningExplorer.StartAsync(battles);
        using var json = JsonDocument.Parse(await explorer.GetAsync("/leaderboard.json?over=month"));
        var history = json.RootElement.GetProperty("history").EnumerateArray().ToList();
        Assert.Equal(["2024-01", "2024-02", "2024-03"], history.Select(moment => moment.GetProperty("period").GetString()));
        Assert.Equal([69, 139, 199], history.Select(moment => moment.GetProperty("votes").GetInt32()));
        using var untimed = JsonDocument.Parse(await explorer.GetAsync("/leaderboard.json"));
        Assert.Equal(200, untimed.RootElement.GetProperty("votes").GetInt32());
        Assert.Contains("over time", await explorer.GetAsync("/leaderboard"), StringComparison.Ordinal);
        Assert.DoesNotContain("over time", await _explorer.GetAsync("/leaderboard"), StringComparison.Ordinal);

        // The last moment is the leaderboard of the votes that have a time.
        await using var timed = await RunningExplorer.StartAsync([.. battles.Where(battle => battle.Timestamp is not null)]);
        using var whole = JsonDocument.Parse(await timed.GetAsync("/leaderboard.json"));
        Assert.Equal(RatingsOf(whole.RootElement.GetProperty("leaderboard")), RatingsOf(history[^1].GetProperty("leaderboard")));

        static IEnumerable<(string? Model, double Rating)> RatingsOf(JsonElement board) => board.EnumerateArray()
            .Select(row => (row.GetProperty("model").GetString(), Math.Round(row.GetProperty("rating").GetDouble(), 6)));
    }

    [Fact]
    public async Task Votes_are_cast_blind_and_stored()
    {
        using var name = await _explorer.PostAsync("/vote/name", ("name", "ann"));
        Assert.Equal(HttpStatusCode.Redirect, name.StatusCode);
        for (var votes = 1; votes <= 3; votes++)
        {
            var html = await _explorer.GetAsync("/vote");
            Assert.All(PlantedBattles.Models, model => Assert.DoesNotContain(model, html, StringComparison.Ordinal));
            var ballot = Ballot.Match(html).Groups["token"].Value;
            Assert.DoesNotContain(ballot, await _explorer.GetAsync("/vote/ahead"), StringComparison.Ordinal);
            using var vote = await _explorer.PostAsync("/vote", ("ballot", ballot), ("choice", "tie"));
            Assert.Equal("/vote", vote.Headers.Location?.OriginalString);
            Assert.Equal(votes, BattleSet.Load([_explorer.Votes]).Battles.Count);
        }

        using var undo = await _explorer.PostAsync("/vote", ("choice", "undo"));
        Assert.Equal(2, BattleSet.Load([_explorer.Votes]).Battles.Count);
        Assert.Contains("ann", await _explorer.GetAsync("/vote/results"), StringComparison.Ordinal);
    }

    /// <summary>One explorer for all tests.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        public IReadOnlyList<Battle> Battles { get; } = new PlantedBattles(1).Create(120);

        internal RunningExplorer Explorer { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Explorer = await RunningExplorer.StartAsync(Battles);

        public ValueTask DisposeAsync() => Explorer.DisposeAsync();
    }

    private static void AssertNested(string html)
    {
        var open = new Stack<string>();
        foreach (Match tag in Tag.Matches(html))
        {
            var name = tag.Groups["name"].Value;
            if (name is "meta" or "link" or "br" or "hr" or "input" || tag.Value.EndsWith("/>", StringComparison.Ordinal))
                continue;
            if (tag.Groups["end"].Length == 0)
                open.Push(name);
            else
                Assert.Equal(open.Pop(), name);
        }

        Assert.Empty(open);
    }

    [GeneratedRegex("<(?<end>/?)(?<name>[a-z0-9]+)[^>]*>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Tag { get; }

    [GeneratedRegex("href=\"(?<address>[^\"]*)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link { get; }

    [GeneratedRegex("name=\"ballot\" value=\"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Ballot { get; }
}
