using System.Text.Json.Nodes;

namespace Tiebreak.Hosting.Tests.Api;

/// <summary>Ranking responses: the scripted judge prefers longer ones.</summary>
public sealed class RateApiTests : IAsyncLifetime
{
    private ApiClient _api = null!;

    public async ValueTask InitializeAsync() => _api = await ApiClient.StartAsync(new ScriptedJudge());

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Responses_are_ranked_by_strength()
    {
        var answer = await _api.PostAsync("/v1/rate", """{"prompt": "P", "responses": ["aaa", "aaaaaaaaaaaa", "a", "aaaaaa"]}""");
        var ranking = answer.Json["ranking"]!.AsArray();

        Assert.Equal([1, 3, 0, 2], ranking.Select(rated => (int)rated!["index"]!));
        Assert.Equal(0, ranking.Sum(rated => (double)rated!["strength"]!), 1e-9);
        Assert.Equal(1, ranking.Sum(rated => (double)rated!["best_probability"]!), 1e-9);
        Assert.Equal(2, ranking.Sum(rated => (double)rated!["win_share"]!), 1e-9); // six comparisons, each divided by three
    }

    [Fact]
    public async Task Two_responses_differ_by_the_log_odds_of_both_orders()
    {
        var answer = await _api.PostAsync("/v1/rate", """{"prompt": "P", "responses": ["aaaa", "a"]}""");
        var judged = (await _api.PostAsync("/v1/judge", """{"prompt": "P", "response_a": "aaaa", "response_b": "a"}"""))
            .Json["results"]![0]!["preference"]!;
        var ranking = answer.Json["ranking"]!.AsArray();
        var difference = (double)ranking[0]!["strength"]! - (double)ranking[1]!["strength"]!;

        // The bundle averages both orders anyway.
        var (a, b, tie) = ((double)judged["a"]!, (double)judged["b"]!, (double)judged["tie"]!);
        Assert.Equal(Math.Log((a + (tie / 2)) / (b + (tie / 2))), difference, 1e-4);
        Assert.Equal(1 / (1 + Math.Exp(-difference)), (double)ranking[0]!["best_probability"]!, 1e-9);
    }

    [Fact]
    public async Task A_judge_that_gives_scores_reads_each_response_once()
    {
        var judge = new ScriptedJudge { GivesScores = true };
        await using var api = await ApiClient.StartAsync(judge);
        var answer = await api.PostAsync("/v1/rate", """{"prompt": "P", "responses": ["aaa", "aaaaaaaaaaaa", "a", "aaaaaa", "aa"]}""");
        var ranking = answer.Json["ranking"]!.AsArray();

        Assert.Equal([1, 3, 0, 4, 2], ranking.Select(rated => (int)rated!["index"]!));
        var battles = judge.Batches.SelectMany(batch => batch.Battles).OrderBy(battle => battle.Id, StringComparer.Ordinal).ToList();
        Assert.Equal(["aaa", "a", "aa"], battles.Select(battle => battle.Turns[0].ResponseA));
        Assert.Equal(["aaaaaaaaaaaa", "aaaaaa", "aa"], battles.Select(battle => battle.Turns[0].ResponseB));

        // Two of them differ by the preference between them, whoever they were read with.
        var two = (await api.PostAsync("/v1/rate", """{"prompt": "P", "responses": ["aaa", "a"]}""")).Json["ranking"]!.AsArray();
        var judged = (await api.PostAsync("/v1/judge", """{"prompt": "P", "response_a": "aaa", "response_b": "a"}"""))
            .Json["results"]![0]!["preference"]!;
        Assert.Equal((double)judged["a"]! + ((double)judged["tie"]! / 2), (double)two[0]!["win_share"]!, 1e-9);
    }

    [Theory]
    [InlineData("""{"prompt": "P", "responses": ["a"]}""", 400, "input")]
    [InlineData("""{"prompt": "P", "responses": ["1","2","3","4","5","6","7","8","9","10","11","12","13","14","15","16","17"]}""", 413, "too-large")]
    [InlineData("""{"responses": ["a", "b"]}""", 400, "input")]
    [InlineData("""{"prompt": "P", "responses": ["a", "b"], "model": "x"}""", 400, "input")]
    [InlineData("""{"prompt": "P", "responses": ["a", null]}""", 400, "input")]
    [InlineData("""{"prompt": "P", "responses": null}""", 400, "input")]
    [InlineData("""["a", "b"]""", 400, "input")]
    [InlineData("null", 400, "input")]
    [InlineData("""{"prompt": "P", "responses": ["a", "poison"]}""", 422, "failed")]
    public async Task Impossible_rankings_are_refused(string json, int status, string code)
    {
        var answer = await _api.PostAsync("/v1/rate", json);
        Assert.Equal((status, code), (answer.Status, answer.Problem));
    }

    [Fact]
    public async Task Rerank_has_the_form_of_text_embeddings_inference()
    {
        var answer = await _api.PostAsync(
            "/rerank", """{"query": "Q", "texts": ["aa", "aaaaaaaa", "aaaa"], "raw_scores": false, "return_text": true, "truncate": true}""");
        var hits = answer.Json.AsArray();

        Assert.Equal([1, 2, 0], hits.Select(hit => (int)hit!["index"]!));
        Assert.Equal(["aaaaaaaa", "aaaa", "aa"], hits.Select(hit => (string)hit!["text"]!));
        Assert.All(hits, hit => Assert.InRange((double)hit!["score"]!, 0, 1));

        var raw = (await _api.PostAsync("/rerank", """{"query": "Q", "texts": ["aa", "aaaaaaaa", "aaaa"], "raw_scores": true}""")).Json;
        Assert.Equal(
            hits.Select(hit => Math.Round((double)hit!["score"]!, 9)),
            raw.AsArray().Select(hit => Math.Round(1 / (1 + Math.Exp(-(double)hit!["score"]!)), 9)));
        Assert.All(raw.AsArray(), hit => Assert.Null(hit!["text"]));
    }

    [Fact]
    public async Task One_text_is_ranked_too()
    {
        var hit = Assert.Single((await _api.PostAsync("/rerank", """{"query": "Q", "texts": ["a"]}""")).Json.AsArray());
        Assert.Equal(0.5, (double)hit!["score"]!);
        Assert.Equal("input", (await _api.PostAsync("/rerank", """{"query": "Q", "texts": []}""")).Problem);
    }

    [Fact]
    public async Task Labels_are_validated()
    {
        var labels = new JsonArray(
        [
            .. Enumerable.Range(0, 60).Select(i => (JsonNode)new JsonObject
            {
                ["prompt"] = $"Question {i}",
                ["response_a"] = new string('a', 1 + (i % 9)),
                ["response_b"] = new string('b', 1 + (i % 7)),
                ["winner"] = (i % 9) > (i % 7) ? "model_a" : (i % 9) < (i % 7) ? "model_b" : "tie",
            }),
        ]);
        var answer = await _api.PostAsync("/v1/validate", labels.ToJsonString());

        Assert.Equal(200, answer.Status);
        Assert.Equal(60, (int)answer.Json["battles"]!);
        Assert.NotEmpty(answer.Json["conclusions"]!.AsArray());
        Assert.Contains(answer.Json["measures"]!.AsArray(), measure => (string)measure!["name"]! is "flips");
    }

    [Theory]
    [InlineData("""[{"prompt": "P", "response_a": "a", "response_b": "b"}]""", "no winner")]
    [InlineData("""[{"prompt": "P", "response_a": "a", "response_b": "b", "winner": "somebody"}]""", "somebody")]
    [InlineData("""[{"prompt": "P", "response_a": "a", "winner": "tie"}]""", "response_b")]
    [InlineData("[]", "no labelled battle")]
    public async Task Labels_that_say_nothing_are_refused(string json, string named)
    {
        var answer = await _api.PostAsync("/v1/validate", json);
        Assert.Equal("input", answer.Problem);
        Assert.Contains(named, (string)answer.Json["detail"]!, StringComparison.Ordinal);
    }
}
