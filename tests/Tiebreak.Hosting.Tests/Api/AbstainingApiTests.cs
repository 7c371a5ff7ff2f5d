using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Tiebreak.Hosting.OpenApi;
using Tiebreak.Hosting.Server;
using Tiebreak.Hosting.Tests.OpenApi;
using Tiebreak.Testing;

namespace Tiebreak.Hosting.Tests.Api;

/// <summary>A bundle with a rule to abstain and with prediction sets, whose judge says how likely neither response is acceptable.</summary>
public sealed class AbstainingApiTests : IAsyncLifetime
{
    private const string Sure = """{"id": "sure", "prompt": "P", "response_a": "a long and careful response that goes on for sixty characters", "response_b": "b"}""";
    private const string Unsure = """{"id": "unsure", "prompt": "P", "response_a": "a", "response_b": "b"}""";

    private static readonly JsonNode Document = JsonNode.Parse(OpenApiDocument.Read())!;

    private readonly TemporaryFolder _folder = new();
    private ApiClient _api = null!;

    public async ValueTask InitializeAsync()
    {
        var options = ApiClient.Options(new ScriptedJudge { NeitherAcceptable = 0.25 });
        foreach (var file in Directory.EnumerateFiles(options.Judge))
            File.Copy(file, _folder[Path.GetFileName(file)]);
        var manifest = JsonNode.Parse(await File.ReadAllTextAsync(_folder["judge.json"], TestContext.Current.CancellationToken))!;
        manifest["abstention"] = JsonNode.Parse(
            """{"outcome": "three_way", "max_error": 0.2, "confidence": 0.9, "max_entropy": 0.8, "rows": 100, "answered": 60, "errors": 6}""");
        manifest["prediction_sets"] = JsonNode.Parse("""{"coverage": 0.9, "least_probability": 0.3, "rows": 100}""");
        ProvenManifest.Write(_folder["judge.json"], manifest.ToJsonString());
        options.Judge = _folder.Path;
        _api = await ApiClient.StartAsync(new ApiServerOptions { Judge = options, LoggerFactory = NullLoggerFactory.Instance });
    }

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/x-ndjson")]
    public async Task What_the_bundle_promises_is_told(string mediaType)
    {
        var isStream = mediaType is "application/x-ndjson";
        var answer = await _api.PostAsync("/v1/judge", isStream ? $"{Sure}\n{Unsure}" : $"[{Sure}, {Unsure}]", mediaType);
        JsonNode[] results = isStream ? answer.Lines : [.. answer.Json["results"]!.AsArray().Select(result => result!)];

        Assert.Equal("model_a", (string?)results[0]["winner"]);
        Assert.Null(results[0]["abstained_by"]);
        Assert.Equal(["A"], results[0]["outcomes"]!["outcomes"]!.AsArray().Select(outcome => (string)outcome!));
        Assert.Equal(0.9, (double)results[0]["outcomes"]!["coverage"]!);

        Assert.Null(results[1]["winner"]);
        Assert.Equal("entropy above 0.8000", (string?)results[1]["abstained_by"]);
        Assert.NotNull(results[1]["preference"]);
        Assert.All(results, result => Assert.Equal(0.25, (double)result["neither_acceptable"]!));

        var content = Document["paths"]!["/v1/judge"]!["post"]!["responses"]!["200"]!["content"]![mediaType]!["schema"]!;
        Assert.All(isStream ? results : [answer.Json], value => Assert.Empty(new JsonSchema(Document).Errors(value, content)));
    }
}
