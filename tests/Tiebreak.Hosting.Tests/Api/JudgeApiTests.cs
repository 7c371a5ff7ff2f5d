using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Judging;
using Tiebreak.Features.FeatureJudges;
using Tiebreak.Testing;

namespace Tiebreak.Hosting.Tests.Api;

public sealed class JudgeApiTests : IAsyncLifetime
{
    private const string Lines = "application/x-ndjson";
    private const string One = """{"prompt": "Name a prime.", "response_a": "7 is a prime number.", "response_b": "Eight."}""";

    private ApiClient _api = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _api = await ApiClient.StartAsync();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task One_battle_gets_one_result()
    {
        var answer = await _api.PostAsync("/v1/judge", One);

        Assert.Equal(200, answer.Status);
        Assert.Matches("^feature/[0-9a-f]{12}$", answer.Headers.GetValues("Tiebreak-Judge").Single());
        var result = Assert.Single(answer.Json["results"]!.AsArray())!;
        Assert.Equal("0", (string)result["id"]!);
        var preference = PreferenceOf(result["preference"]!);
        Assert.True(preference.IsValid);
        Assert.Equal(VerdictText.Format(preference.Top.ToVerdict()), (string)result["winner"]!);
        Assert.Equal(["id", "preference", "winner"], result.AsObject().Select(property => property.Key));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Preferences_are_those_of_the_bundle_bit_for_bit(bool streamed)
    {
        var battles = SyntheticBattles.Create(200, labelled: false);
        await using var bundle = await Bundle.OpenAsync(ApiClient.FeatureBundle, new JudgeRegistry([new FeatureJudgeFormat()]));
        var expected = await bundle.Judge.JudgeAsync(battles);

        var answer = streamed
            ? await _api.PostAsync("/v1/judge", string.Join('\n', battles.Select(Json)), Lines)
            : await _api.PostAsync("/v1/judge", $"[{string.Join(',', battles.Select(Json))}]");
        JsonNode[] results = streamed ? answer.Lines : [.. answer.Json["results"]!.AsArray().Select(result => result!)];

        Assert.Equal(battles.Select(battle => battle.Id), results.Select(result => (string)result["id"]!));
        Assert.Equal(expected, results.Select(result => PreferenceOf(result["preference"]!)));
    }

    [Fact]
    public async Task Both_orders_and_reasons_come_when_asked_for()
    {
        var answer = await _api.PostAsync("/v1/judge?both_orders=true&explain=true", One);
        var result = answer.Json["results"]![0]!;

        Assert.Equal(PreferenceOf(result["preference"]!), PreferenceOf(result["as_given"]!));
        Assert.Equal(PreferenceOf(result["preference"]!), PreferenceOf(result["exchanged"]!)); // the feature judge is symmetric
        Assert.NotEmpty(result["reasons"]!.AsArray());
        Assert.NotEmpty((string)result["reasons"]![0]!["name"]!);
    }

    [Fact]
    public async Task Orders_of_a_judge_that_minds_them_differ()
    {
        await using var api = await ApiClient.StartAsync(new ScriptedJudge());
        var result = (await api.PostAsync("/v1/judge?both_orders=true", One)).Json["results"]![0]!;
        Assert.True((double)result["as_given"]!["a"]! > (double)result["exchanged"]!["a"]!);
    }

    [Fact]
    public async Task Keys_that_nobody_knows_are_told_once()
    {
        string[] battles =
        [
            One, """{"prompt": "P", "response_a": "a", "response_b": "b", "temperature": 1, "seed": 2}""",
            """{"prompt": "P", "response_a": "a", "response_b": "b", "seed": 3, "top_p": 4}""",
        ];

        var answer = await _api.PostAsync("/v1/judge", $"[{string.Join(',', battles)}]");
        Assert.Equal(["temperature", "seed", "top_p"], answer.Json["unknown_keys"]!.AsArray().Select(key => (string)key!));

        var streamed = await _api.PostAsync("/v1/judge", string.Join('\n', battles), Lines);
        Assert.Equal(
            [null, """["temperature","seed"]""", """["top_p"]"""],
            streamed.Lines.Select(line => line["unknown_keys"]?.ToJsonString()));
    }

    [Fact]
    public async Task A_bad_battle_of_many_fails_alone()
    {
        string[] battles = [One, """{"id": "bad", "prompt": "P", "response_a": "a"}""", One];

        var answer = await _api.PostAsync("/v1/judge", $"[{string.Join(',', battles)}]");
        var streamed = await _api.PostAsync("/v1/judge", string.Join('\n', battles), Lines);

        foreach (var results in new[] { [.. answer.Json["results"]!.AsArray().Select(result => result!)], streamed.Lines })
        {
            Assert.Equal([false, true, false], results.Select(result => result["error"] is not null));
            Assert.Equal("input", (string)results[1]["error"]!["code"]!);
            Assert.Equal("The battle has no \"response_b\".", (string)results[1]["error"]!["message"]!);
        }
    }

    [Fact]
    public async Task A_battle_that_breaks_the_judge_fails_alone()
    {
        await using var api = await ApiClient.StartAsync(new ScriptedJudge());
        var poison = One.Replace("Eight.", ScriptedJudge.Poison, StringComparison.Ordinal);
        var answer = await api.PostAsync("/v1/judge", $"[{One},{poison},{One}]");

        Assert.Equal(
            [null, "battle-failed", null], answer.Json["results"]!.AsArray().Select(result => (string?)result!["error"]?["code"]));
    }

    [Theory]
    [InlineData("", "input")]
    [InlineData("nonsense", "input")]
    [InlineData("7", "input")]
    [InlineData("[1]", null)] // a list has an outcome for each element
    [InlineData("""{"prompt": "P"}""", "input")]
    [InlineData("""{"prompt": "P", "response_a": "a", "response_b": "b"} trailing""", "input")]
    [InlineData("""{"prompt": "P", "prompt": "Q", "response_a": "a", "response_b": "b"}""", "input")]
    [InlineData("""{"prompt": "\ud83d", "response_a": "a", "response_b": "b"}""", "input")]
    [InlineData("""{"prompt": NaN, "response_a": "a", "response_b": "b"}""", "input")]
    [InlineData("""{"prompt": "P", "response_a": "a", "response_b": "b", "numbers": {"x_a": 1e999}}""", "input")]
    [InlineData("""{"prompt": "P", "response_a": "a", "response_b": "b", "x": [[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]}""", "input")]
    [InlineData("""{"prompt": ["P", "Q"], "response_a": "a", "response_b": "b"}""", "input")]
    public async Task Hostile_requests_get_a_problem_document(string json, string? code)
    {
        var answer = await _api.PostAsync("/v1/judge", json);
        Assert.Equal(code is null ? 200 : 400, answer.Status);
        if (code is not null)
            Assert.Equal(code, answer.Problem);
    }

    [Fact]
    public async Task Bytes_that_are_not_text_are_refused()
    {
        var body = Encoding.Latin1.GetBytes(One.Replace("Eight", "\u00ff\u00fe", StringComparison.Ordinal));
        Assert.Equal("input", (await _api.PostAsync("/v1/judge", body)).Problem);
    }

    [Fact]
    public async Task An_escaped_pair_of_surrogates_is_text() =>
        Assert.Equal(200, (await _api.PostAsync("/v1/judge", One.Replace("Eight", """\ud83d\ude00 \\ud83d""", StringComparison.Ordinal))).Status);

    [Theory]
    [InlineData("/v1/judge?explian=true", "explian")]
    [InlineData("/v1/judge?explain=yes", "yes")]
    public async Task A_misspelt_parameter_is_refused(string path, string named)
    {
        var answer = await _api.PostAsync(path, One);
        Assert.Equal("input", answer.Problem);
        Assert.Contains(named, (string)answer.Json["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_content_is_refused()
    {
        var answer = await _api.PostAsync("/v1/judge", One, "text/plain");
        Assert.Equal((415, "media-type"), (answer.Status, answer.Problem));
    }

    [Fact]
    public async Task Other_addresses_and_methods_get_problem_documents()
    {
        var (unknown, method) = (await _api.GetAsync("/v1/jugde"), await _api.GetAsync("/v1/judge"));
        Assert.Equal((404, "not-found"), (unknown.Status, unknown.Problem));
        Assert.Equal((405, "not-found"), (method.Status, method.Problem));
    }

    [Fact]
    public async Task Too_much_is_refused()
    {
        var options = ApiClient.Options();
        (options.RequestBytes, options.RequestBattles) = (1000, 3);
        await using var api = await ApiClient.StartAsync(
            new Server.ApiServerOptions { Judge = options, LoggerFactory = Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance });

        var (bytes, battles) = (await api.PostAsync("/v1/judge", One.PadRight(1001)), await api.PostAsync("/v1/judge", $"[{One},{One},{One},{One}]"));
        Assert.Equal((413, "too-large"), (bytes.Status, bytes.Problem));
        Assert.Equal((413, "too-large"), (battles.Status, battles.Problem));

        // A stream may be as long as it likes; only its lines are limited.
        var lines = string.Join('\n', Enumerable.Repeat(One, 20).Append(One.PadLeft(5000)).Append(One));
        var streamed = (await api.PostAsync("/v1/judge", lines, Lines)).Lines;
        Assert.Equal([.. Enumerable.Repeat(false, 20), true, false], streamed.Select(line => line["error"] is not null));
        Assert.Contains("1,000 bytes", (string)streamed[20]["error"]!["message"]!, StringComparison.Ordinal);
    }

    // HttpClient sends all of a request before it reads the answer.
    [Fact]
    public async Task A_stream_is_answered_while_it_arrives()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _api.Http.BaseAddress!.Port, Cancellation);
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream);
        await SendAsync("POST /v1/judge HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (var i = 0; i < 3; i++)
        {
            await SendAsync($"{One.Length + 1:x}\r\n{One}\n\r\n");
            while ((await reader.ReadLineAsync(Cancellation))?.Contains($"\"id\":\"{i}\"", StringComparison.Ordinal) is false)
            {
                // Headers, and the lengths of parts.
            }
        }

        async Task SendAsync(string text) => await stream.WriteAsync(Encoding.ASCII.GetBytes(text), Cancellation);
    }

    [Fact]
    public async Task Blank_lines_and_an_empty_stream_are_nothing()
    {
        Assert.Empty((await _api.PostAsync("/v1/judge", "", Lines)).Lines);
        Assert.Single((await _api.PostAsync("/v1/judge", $"\n\r\n{One}\n\n", Lines)).Lines);
    }

    private static string Json(Battle battle)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
            BattleJson.Write(json, battle);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static Preference PreferenceOf(JsonNode json) => new((double)json["a"]!, (double)json["b"]!, (double)json["tie"]!);
}
