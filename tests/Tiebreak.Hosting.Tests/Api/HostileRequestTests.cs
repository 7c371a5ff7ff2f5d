using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using CsCheck;
using Microsoft.Extensions.Logging;
using Tiebreak.Hosting.Server;
using Tiebreak.Testing;

namespace Tiebreak.Hosting.Tests.Api;

/// <summary>
/// Requests that are damaged byte by byte are answered, with a result or with a problem document, and never as a defect of the service.
/// </summary>
public sealed class HostileRequestTests(ITestOutputHelper output)
{
    private const string Lines = "application/x-ndjson";
    private const int LeastSlowSeconds = 120;

    private static readonly string[] Bodies =
    [
        """{"id": 7, "prompt": ["P", null], "response_a": ["a\u00e9", "b"], "response_b": ["c", "\ud83d\ude00"], "numbers": {"x_a": 1.5}}""",
        """[{"prompt": "P", "response_a": "a", "response_b": "b", "winner": "tie"}, {"prompt": "P", "response_a": "a", "response_b": null}]""",
        "{\"prompt\": \"P\", \"response_a\": \"a\", \"response_b\": \"b\"}\n{\"prompt\": \"Q\", \"response_a\": \"a\", \"response_b\": \"b\"}\n",
        """{"prompt": "P", "responses": ["a", "b", "c"]}""",
        """{"query": "P", "texts": ["a", "b"], "raw_scores": true}""",
    ];

    private static readonly string[] Paths = ["/v1/judge", "/v1/judge", "/v1/validate", "/v1/rate", "/rerank"];
    private static readonly string[] Queries = ["", "", "?explain=true", "?both_orders=true&explain=false", "?explain=true&explain=true", "?%zz=\u00e9"];
    private static readonly string[] Encodings = ["", "", "gzip", "br", "deflate", "nonsense", "gzip, br"];
    private static readonly string[] Timeouts = ["", "", "", "5", "0.0001", "-1", "1e9", "NaN", "\u0665"];
    private static readonly string[] Types = ["application/json", "application/json", Lines, "application/json; charset=utf-16", "text/plain"];

    private static readonly Gen<Damage> Damages =
        Gen.Select(Gen.Int[0, Damage.Kinds - 1], Gen.Int[0, 400], Gen.Byte, (kind, place, value) => new Damage(kind, place, value));

    private static readonly Gen<HostileRequest> Requests =
        from body in Gen.Int[0, Bodies.Length - 1]
        from path in Gen.Int[0, Paths.Length - 1]
        from query in Gen.Int[0, Queries.Length - 1]
        from type in Gen.Int[0, Types.Length - 1]
        from encoding in Gen.Int[0, Encodings.Length - 1]
        from timeout in Gen.Int[0, Timeouts.Length - 1]
        from damages in Damages.Array[0, 4]
        from packedDamages in Damages.Array[0, 2]
        from wireDamages in Damages.Array[0, 3]
        select new HostileRequest(
            Bodies[body], Paths[path] + Queries[query], Types[type], Encodings[encoding], Timeouts[timeout],
            damages, packedDamages, wireDamages);

    [Fact]
    public Task Damaged_requests_are_answered() => RunAsync(iterations: 500, seconds: -1);

    [SlowFact]
    public Task Damaged_requests_are_answered_for_minutes() => RunAsync(iterations: -1, Math.Max(LeastSlowSeconds, FuzzTime.LongSeconds));

    [Fact]
    public async Task A_packed_body_that_cannot_be_unpacked_is_refused()
    {
        await using var api = await ApiClient.StartAsync(new ScriptedJudge());
        using var content = new ByteArrayContent([1, 2, 3]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        content.Headers.ContentEncoding.Add("gzip");
        using var response = await api.Http.PostAsync("/v1/judge", content, TestContext.Current.CancellationToken);
        Assert.Equal((400, "input"), ((int)response.StatusCode, (await ApiAnswer.OfAsync(response)).Problem));
    }

    private async Task RunAsync(int iterations, int seconds)
    {
        var defects = new ListLog(LogLevel.Error);
        await using var api = await ApiClient.StartAsync(
            new ApiServerOptions { Judge = ApiClient.Options(new ScriptedJudge()), LoggerFactory = defects });
        var asked = 0;
        await Requests.SampleAsync(
            async request =>
            {
                // Every tenth is damaged as a whole, its head included; a client that checks what it sends cannot send those.
                if (Interlocked.Increment(ref asked) % 10 == 0)
                    await request.SendRawAsync(api.Http.BaseAddress!.Port);
                else
                    await request.SendAsync(api.Http);
                Assert.True(defects.Lines.All(IsOfDraining), string.Join('\n', defects.Lines));
            },
            iter: iterations, time: seconds, threads: 2);
        Assert.Equal(200, (await api.PostAsync("/v1/judge", Bodies[0])).Status);
        output.WriteLine($"{asked} damaged requests");
    }

    // Kestrel says so of a body whose time was over while it was being unpacked, and closes the connection.
    private static bool IsOfDraining(string line) => line.Contains("automatic draining of the request body", StringComparison.Ordinal);

    private sealed record HostileRequest(
        string Body, string Path, string Type, string Encoding, string Timeout, Damage[] Damages, Damage[] PackedDamages, Damage[] WireDamages)
    {
        private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

        public async Task SendAsync(HttpClient http)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new ByteArrayContent(Packed()) };
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(Type);
            if (Encoding.Length > 0)
                request.Content.Headers.TryAddWithoutValidation("Content-Encoding", Encoding);
            if (Timeout.Length > 0 && Timeout.All(char.IsAscii))
                request.Headers.TryAddWithoutValidation("Request-Timeout", Timeout);
            try
            {
                using var response = await http.SendAsync(request, Cancellation);
                var answer = await ApiAnswer.OfAsync(response);
                if (answer.Status != 200)
                {
                    Assert.Contains(answer.Status, (int[])[400, 413, 415, 422, 504]);
                    Assert.Contains(answer.Problem, (string[])["input", "too-large", "failed", "media-type", "timeout"]);
                }
            }
            catch (HttpRequestException) when (Type is Lines)
            {
                // The answer had begun when its time was over or the rest could not be unpacked; it breaks off.
            }
        }

        public async Task SendRawAsync(int port)
        {
            var packed = Packed();
            var head = new StringBuilder($"POST {Path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: {Type}\r\n");
            if (Encoding.Length > 0)
                head.Append("Content-Encoding: ").Append(Encoding).Append("\r\n");
            if (Timeout.Length > 0)
                head.Append("Request-Timeout: ").Append(Timeout).Append("\r\n");
            head.Append("Content-Length: ").Append(packed.Length).Append("\r\n\r\n");
            byte[] sent = Damage.Apply([.. System.Text.Encoding.UTF8.GetBytes(head.ToString()), .. packed], WireDamages);

            using var client = new TcpClient { LingerState = new LingerOption(enable: true, seconds: 0) };
            await client.ConnectAsync(IPAddress.Loopback, port, Cancellation);
            await using var stream = client.GetStream();
            try
            {
                await stream.WriteAsync(sent, Cancellation);
                client.Client.Shutdown(SocketShutdown.Send);
                using var reader = new StreamReader(stream);
                var answer = await reader.ReadToEndAsync(Cancellation);
                Assert.DoesNotContain("HTTP/1.1 500", answer, StringComparison.Ordinal);
            }
            catch (IOException)
            {
                // The service may close the connection before it has read everything.
            }
        }

        private byte[] Packed()
        {
            var body = Damage.Apply(System.Text.Encoding.UTF8.GetBytes(Body), Damages);
            using var packed = new MemoryStream();
            using (Stream stream = Encoding switch
            {
                "gzip" => new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true),
                "br" => new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true),
                "deflate" => new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true),
                _ => packed,
            })
            {
                stream.Write(body);
            }

            return Damage.Apply(packed.ToArray(), Encoding.Length > 0 ? PackedDamages : []);
        }
    }
}
