using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging.Abstractions;
using Tiebreak.Core.Judging;
using Tiebreak.Features.FeatureJudges;
using Tiebreak.Hosting.Server;
using Tiebreak.Testing;

namespace Tiebreak.Hosting.Tests.Api;

/// <summary>An API on the loopback interface with a client.</summary>
internal sealed class ApiClient : IAsyncDisposable
{
    private readonly ApiServer _server;

    private ApiClient(ApiServer server)
    {
        _server = server;
        Http = new HttpClient { BaseAddress = new Uri(server.Urls.First()) };
    }

    public HttpClient Http { get; }

    /// <summary>The routes of the API.</summary>
    public IEnumerable<RouteEndpoint> Routes => _server.Routes;

    /// <summary>The bundle of a small feature judge.</summary>
    public static string FeatureBundle => Path.Combine(Repository.Root, "tests", "fixtures", "format-1", "length");

    /// <summary>Options of a judge.</summary>
    /// <param name="judge">The judge; null for the feature judge.</param>
    public static TiebreakOptions Options(ScriptedJudge? judge = null)
    {
        var options = new TiebreakOptions
        {
            Judge = judge is null ? FeatureBundle : Path.Combine(Repository.Root, "tests", "fixtures", "format-1", "priors"),
            Placement = new Placement { Threads = 2 },
        };
        options.Kinds.Add(judge ?? (IJudgeFormat)new FeatureJudgeFormat());
        return options;
    }

    public static Task<ApiClient> StartAsync(ScriptedJudge? judge = null) =>
        StartAsync(new ApiServerOptions { Judge = Options(judge), LoggerFactory = NullLoggerFactory.Instance });

    public static async Task<ApiClient> StartAsync(ApiServerOptions options)
    {
        options = options with { Urls = ["http://127.0.0.1:0"] };
        return new ApiClient(await ApiServer.StartAsync(options, TestContext.Current.CancellationToken));
    }

    public Task<ApiAnswer> PostAsync(string path, string json, string mediaType = "application/json") =>
        PostAsync(path, Encoding.UTF8.GetBytes(json), mediaType);

    public async Task<ApiAnswer> PostAsync(string path, byte[] body, string mediaType = "application/json")
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        using var response = await Http.PostAsync(path, content, TestContext.Current.CancellationToken);
        return await ApiAnswer.OfAsync(response);
    }

    public async Task<ApiAnswer> GetAsync(string path)
    {
        using var response = await Http.GetAsync(path, TestContext.Current.CancellationToken);
        return await ApiAnswer.OfAsync(response);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _server.DisposeAsync();
    }
}

/// <summary>An answer of the API.</summary>
internal sealed record ApiAnswer(int Status, string MediaType, string Text, HttpResponseHeaders Headers)
{
    public JsonNode Json => JsonNode.Parse(Text)!;

    public JsonNode[] Lines => [.. Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];

    /// <summary>The code of the problem that is answered; the document must be whole.</summary>
    public string Problem
    {
        get
        {
            Assert.Equal("application/problem+json", MediaType);
            Assert.Equal(Status, (int)Json["status"]!);
            Assert.NotEmpty((string)Json["detail"]!);
            Assert.Equal($"urn:tiebreak:problem:{Json["code"]}", (string)Json["type"]!);
            return (string)Json["code"]!;
        }
    }

    public static async Task<ApiAnswer> OfAsync(HttpResponseMessage response) => new(
        (int)response.StatusCode,
        response.Content.Headers.ContentType?.MediaType ?? "",
        await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
        response.Headers);
}
