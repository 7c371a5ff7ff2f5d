using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tiebreak.Hosting.Tests.Api;

/// <summary>What callers see of the queue.</summary>
public sealed class QueueApiTests
{
    private const string One = """{"prompt": "Why?", "response_a": "a", "response_b": "bb"}""";

    [Fact]
    public async Task A_full_queue_is_answered_at_once_with_a_time_to_ask_again()
    {
        var judge = new ScriptedJudge { Gate = new SemaphoreSlim(0) };
        var options = ApiClient.Options(judge);
        (options.QueueBattles, options.RequestBattles) = (2, 2);
        await using var api = await StartAsync(options);
        var running = api.PostAsync("/v1/judge", One);
        await UntilAsync(() => judge.Batches.Count == 1);
        Task<ApiAnswer>[] asked = [.. Enumerable.Range(0, 6).Select(_ => api.PostAsync("/v1/judge", One))];
        await UntilAsync(() => asked.Count(answer => answer.IsCompleted) == 4);

        // Two of the six have a place in the queue.
        foreach (var refused in await Task.WhenAll(asked.Where(answer => answer.IsCompleted)))
        {
            Assert.Equal((429, "queue-full"), (refused.Status, refused.Problem));
            Assert.InRange(int.Parse(refused.Headers.GetValues("Retry-After").Single(), CultureInfo.InvariantCulture), 1, 600);
        }

        judge.Gate.Release(100);
        Assert.Equal(200, (await running).Status);
        Assert.Equal(2, (await Task.WhenAll(asked)).Count(answer => answer.Status == 200));
        Assert.Equal(200, (await api.PostAsync("/v1/judge", One)).Status);
    }

    [Theory]
    [InlineData("/v1/judge", "application/json")]
    [InlineData("/v1/judge", "application/x-ndjson")]
    [InlineData("/v1/rate", "application/json")]
    [InlineData("/v1/validate", "application/json")]
    [InlineData("/rerank", "application/json")]
    public async Task A_full_queue_refuses_a_request_before_its_body_has_come(string path, string mediaType)
    {
        var judge = new ScriptedJudge { Gate = new SemaphoreSlim(0) };
        var options = ApiClient.Options(judge);
        (options.QueueBattles, options.RequestBattles) = (1, 1);
        await using var api = await StartAsync(options);
        var running = api.PostAsync("/v1/judge", One);
        await UntilAsync(() => judge.Batches.Count == 1);
        Task<ApiAnswer>[] waiting = [.. Enumerable.Range(0, 2).Select(_ => api.PostAsync("/v1/judge", One))];
        await Task.WhenAny(waiting); // one of them waits in the queue: it is full when the other has been refused

        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, api.Http.BaseAddress!.Port, TestContext.Current.CancellationToken);
        await using var stream = client.GetStream();
        await stream.WriteAsync(
            Encoding.UTF8.GetBytes($"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {mediaType}\r\nContent-Length: 1000000\r\n\r\n"),
            TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        Assert.StartsWith("HTTP/1.1 429 ", await reader.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);

        judge.Gate.Release(100);
        Assert.Equal(200, (await running).Status);
    }

    [Fact]
    public async Task A_request_whose_time_is_over_is_told_so_and_leaves_the_queue()
    {
        var judge = new ScriptedJudge { Gate = new SemaphoreSlim(0) };
        await using var api = await StartAsync(ApiClient.Options(judge));
        var running = api.PostAsync("/v1/judge", One);
        await UntilAsync(() => judge.Batches.Count == 1);
        using var late = new HttpRequestMessage(HttpMethod.Post, "/v1/judge")
        {
            Content = JsonContent(One.Replace("Why?", "Late?", StringComparison.Ordinal)),
        };
        late.Headers.Add("Request-Timeout", "0.1");
        using var response = await api.Http.SendAsync(late, TestContext.Current.CancellationToken);
        var answer = await ApiAnswer.OfAsync(response);
        judge.Gate.Release(100);

        Assert.Equal((504, "timeout"), (answer.Status, answer.Problem));
        Assert.Equal(200, (await running).Status);
        Assert.DoesNotContain(judge.Batches.SelectMany(batch => batch.Battles), battle => battle.Turns[0].Prompt is "Late?");
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("-1")]
    [InlineData("0")]
    public async Task A_time_that_is_none_is_refused(string time)
    {
        await using var api = await StartAsync(ApiClient.Options(new ScriptedJudge()));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/judge") { Content = JsonContent(One) };
        request.Headers.TryAddWithoutValidation("Request-Timeout", time);
        using var response = await api.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal("input", (await ApiAnswer.OfAsync(response)).Problem);
    }

    [Fact]
    public async Task A_stream_waits_for_room_once_it_has_begun()
    {
        var judge = new ScriptedJudge();
        var options = ApiClient.Options(judge);
        (options.QueueBattles, options.RequestBattles) = (20, 20);
        await using var api = await StartAsync(options);
        var lines = string.Join('\n', Enumerable.Range(0, 1000).Select(i => One.Replace("{", $"{{\"id\": \"{i}\", ", StringComparison.Ordinal)));
        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => api.PostAsync("/v1/judge", lines, "application/x-ndjson")));

        // Whoever came too late for a place in the queue was told so before anything was answered.
        Assert.Contains(answers, answer => answer.Status == 200);
        foreach (var answer in answers.Where(answer => answer.Status == 200))
        {
            Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"{i}"), answer.Lines.Select(line => (string)line["id"]!));
            Assert.All(answer.Lines, line => Assert.NotNull(line["preference"]));
        }
    }

    private static Task<ApiClient> StartAsync(TiebreakOptions options) => ApiClient.StartAsync(
        new Server.ApiServerOptions { Judge = options, LoggerFactory = Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance });

    private static StringContent JsonContent(string json) => new(json, Encoding.UTF8, "application/json");

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
            await Task.Delay(TimeSpan.FromMilliseconds(2), TestContext.Current.CancellationToken);
    }
}
