using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging.Abstractions;
using Tiebreak.App;
using Tiebreak.App.Ranking;
using Tiebreak.Core.Judging;
using Tiebreak.Features.Routing;
using Tiebreak.Hosting.OpenApi;
using Tiebreak.Hosting.Server;
using Tiebreak.Hosting.Tests.Api;
using Tiebreak.Ratings.Routing;
using Tiebreak.Testing;

namespace Tiebreak.Hosting.Tests.OpenApi;

/// <summary>What the API takes and answers is what its description says.</summary>
public sealed class ContractTests : IAsyncLifetime
{
    private const string One = """{"prompt": ["P", null], "response_a": ["a", "b"], "response_b": ["c", "d"], "id": 3, "seed": 1}""";

    private static readonly JsonNode Document = JsonNode.Parse(OpenApiDocument.Read())!;
    private static readonly JsonSchema Schema = new(Document);

    private readonly TemporaryFolder _folder = new();
    private ApiClient _api = null!;

    public async ValueTask InitializeAsync()
    {
        var votes = _folder.Write("votes.csv", "model_a,model_b,winner\nx,y,model_a\ny,x,model_a\nx,y,tie\nx,y,model_a\n");
        var policy = Path.Combine(Repository.Root, "tests", "fixtures", "format-1", "policy");
        _api = await ApiClient.StartAsync(new ApiServerOptions
        {
            Judge = ApiClient.Options(),
            Policy = await RoutingPolicy.OpenAsync(policy, new PromptRatingsFormat()),
            Leaderboard = await new RankVotes { Votes = votes }.RunAsync(new JobContext { Judges = new JudgeRegistry([]) }, CancellationToken.None),
            LoggerFactory = NullLoggerFactory.Instance,
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_description_is_served()
    {
        var answer = await _api.GetAsync(OpenApiDocument.Path);
        Assert.Equal("3.1.0", (string)answer.Json["openapi"]!);
    }

    [Fact]
    public void Every_route_is_described_and_no_other()
    {
        var described = Document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(method => $"{method.Key.ToUpperInvariant()} {path.Key}"));
        var mapped = _api.Routes
            .SelectMany(route => route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Select(method => $"{method} {route.RoutePattern.RawText}")
                ?? [$"GET {route.RoutePattern.RawText}"])
            .Where(route => !route.EndsWith(OpenApiDocument.Path, StringComparison.Ordinal));
        Assert.Equal(described.Order(StringComparer.Ordinal), mapped.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("/v1/judge", One)]
    [InlineData("/v1/judge?both_orders=true&explain=true", $"[{One}, {{\"prompt\": \"P\"}}]")]
    [InlineData("/v1/rate", """{"prompt": "P", "responses": ["a", "bb", "ccc"]}""")]
    [InlineData("/rerank", """{"query": "P", "texts": ["a", "bb"], "raw_scores": true, "return_text": true, "truncate": true, "truncation_direction": "Right"}""")]
    [InlineData("/rerank", """{"query": "P", "texts": ["a", "bb"]}""")]
    [InlineData("/v1/route", """{"prompts": ["P"], "threshold": 0.4}""")]
    [InlineData("/v1/validate", """[{"prompt": "P", "response_a": "a", "response_b": "b", "winner": "tie"}, {"prompt": "Q", "response_a": "aa", "response_b": "b", "winner": "model_a"}]""")]
    public async Task Answers_are_as_described(string path, string json)
    {
        var operation = Document["paths"]![path.Split('?')[0]]!["post"]!;
        var described = operation["requestBody"]!["content"]!["application/json"]!["schema"]!;
        Assert.DoesNotContain(
            Schema.Errors(JsonNode.Parse(json), described),
            error => !error.EndsWith("alternatives", StringComparison.Ordinal)); // one battle of the list is broken on purpose

        var answer = await _api.PostAsync(path, json);
        Assert.Equal((200, "application/json"), (answer.Status, answer.MediaType));
        Assert.Empty(Schema.Errors(answer.Json, operation["responses"]!["200"]!["content"]!["application/json"]!["schema"]!));
    }

    [Fact]
    public async Task A_stream_is_as_described()
    {
        var schema = Document["paths"]!["/v1/judge"]!["post"]!["responses"]!["200"]!["content"]!["application/x-ndjson"]!["schema"]!;
        var answer = await _api.PostAsync("/v1/judge?both_orders=true", $"{One}\nnonsense\n{One}", "application/x-ndjson");
        Assert.Equal("application/x-ndjson", answer.MediaType);
        Assert.Equal(3, answer.Lines.Length);
        Assert.All(answer.Lines, line => Assert.Empty(Schema.Errors(line, schema)));
    }

    [Fact]
    public async Task A_leaderboard_is_as_described() => Assert.Empty(Schema.Errors(
        (await _api.GetAsync("/v1/leaderboard")).Json,
        Document["paths"]!["/v1/leaderboard"]!["get"]!["responses"]!["200"]!["content"]!["application/json"]!["schema"]!));

    [Theory]
    [InlineData("/v1/judge", "nonsense", "application/json")]
    [InlineData("/v1/judge", "nonsense", "text/plain")]
    [InlineData("/v1/rate", "{}", "application/json")]
    [InlineData("/rerank", "{}", "application/json")]
    [InlineData("/v1/route", "{}", "application/json")]
    [InlineData("/v1/validate", "{}", "application/json")]
    public async Task Problems_are_as_described(string path, string json, string mediaType)
    {
        var answer = await _api.PostAsync(path, json, mediaType);
        var described = Document["paths"]![path]!["post"]!["responses"]![$"{answer.Status}"];
        Assert.Empty(Schema.Errors(answer.Json, described!["content"]![answer.MediaType]!["schema"]!));
    }
}
