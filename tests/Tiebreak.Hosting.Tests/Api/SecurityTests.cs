using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Tiebreak.Core;
using Tiebreak.Hosting.Security;
using Tiebreak.Hosting.Server;
using Tiebreak.Testing;

namespace Tiebreak.Hosting.Tests.Api;

public sealed class SecurityTests
{
    private const string One = """{"prompt": "Secret question?", "response_a": "a", "response_b": "bb"}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_known_keys_get_in_and_only_to_their_scopes()
    {
        var (judge, all) = (ApiKey.Create(), ApiKey.Create());
        await using var api = await ApiClient.StartAsync(Options() with
        {
            Keys = [Entry("judge", judge) with { Scopes = ["judge"] }, Entry("all", all)],
        });

        Assert.Equal((401, "unauthenticated"), await AskAsync(api, "/v1/judge", key: null));
        Assert.Equal((401, "unauthenticated"), await AskAsync(api, "/v1/judge", ApiKey.Create()));
        Assert.Equal((200, null), await AskAsync(api, "/v1/judge", judge));
        Assert.Equal((403, "forbidden"), await AskAsync(api, "/v1/rate", judge));
        Assert.Equal((400, "input"), await AskAsync(api, "/v1/rate", all));
        Assert.Equal(200, (await api.GetAsync("/health/ready")).Status);
    }

    [Fact]
    public async Task A_key_may_be_used_so_often()
    {
        var (limited, other) = (ApiKey.Create(), ApiKey.Create());
        await using var api = await ApiClient.StartAsync(Options() with
        {
            Keys = [Entry("limited", limited) with { RequestsPerMinute = 2 }, Entry("other", other)],
        });

        Assert.Equal((200, null), await AskAsync(api, "/v1/judge", limited));
        Assert.Equal((200, null), await AskAsync(api, "/v1/judge", limited));
        Assert.Equal((429, "rate-limited"), await AskAsync(api, "/v1/judge", limited));
        Assert.Equal((200, null), await AskAsync(api, "/v1/judge", other));
    }

    [Theory]
    [InlineData("localhost", 200)]
    [InlineData("judge.example", 200)]
    [InlineData("evil.example", 400)]
    public async Task A_page_that_points_its_own_name_at_the_service_is_refused(string host, int status)
    {
        await using var api = await ApiClient.StartAsync(Options() with { Hosts = ["judge.example"] });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/judge") { Content = Json(One) };
        request.Headers.Host = host;
        using var response = await api.Http.SendAsync(request, Cancellation);
        Assert.Equal(status, (int)response.StatusCode);
        if (status != 200)
            Assert.Equal("input", (await ApiAnswer.OfAsync(response)).Problem);
    }

    [Theory]
    [InlineData("http://0.0.0.0:0", "keys")]
    [InlineData("http://*:0", "keys")]
    [InlineData("http://192.0.2.7:0", "keys")]
    [InlineData("https://127.0.0.1:0", "certificate")]
    public async Task Other_machines_are_let_in_only_with_keys_and_encrypted(string url, string parameter)
    {
        var error = await Assert.ThrowsAsync<InputException>(() => ApiServer.StartAsync(Options() with { Urls = [url] }, Cancellation));
        Assert.Contains(parameter, error.Parameters);

        if (url.StartsWith("http:", StringComparison.Ordinal))
        {
            error = Assert.Throws<InputException>(() => Exposure.ThrowIfUnsafe(Options() with { Urls = [url], Keys = [] }));
            Assert.Contains("behind-proxy", error.Parameters);
            Exposure.ThrowIfUnsafe(Options() with { Urls = [url], Keys = [], IsBehindProxy = true });
        }
    }

    [Fact]
    public void An_address_that_is_none_is_refused() =>
        Assert.Throws<InputException>(() => Exposure.ThrowIfUnsafe(Options() with { Urls = ["here"] }));

    [Fact]
    public async Task Encrypted_addresses_use_the_certificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), password: null);
        await using var server = await ApiServer.StartAsync(
            Options() with { Urls = ["https://127.0.0.1:0"], Certificate = certificate }, Cancellation);
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(certificate);
        using var handler = new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = trust } };
        using var client = new HttpClient(handler);
        using var response = await client.PostAsync(new Uri(server.Urls.Single() + "/v1/judge"), Json(One), Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_request_that_unpacks_into_too_much_is_refused()
    {
        var options = Options();
        options.Judge.RequestBytes = 10_000;
        await using var api = await ApiClient.StartAsync(options);

        Assert.Equal(200, (await PackedAsync(api, One)).Status);
        var answer = await PackedAsync(api, One.PadRight(1_000_000));
        Assert.Equal((413, "too-large"), (answer.Status, answer.Problem));
    }

    [Fact]
    public async Task Nothing_that_was_posted_is_logged()
    {
        using var log = new ListLog();
        await using var api = await ApiClient.StartAsync(new ApiServerOptions { Judge = ApiClient.Options(new ScriptedJudge()), LoggerFactory = log });
        await api.PostAsync("/v1/judge?both_orders=true", One);
        await api.PostAsync("/v1/judge", One[..30]);
        await api.PostAsync("/v1/judge", One.Replace("\"a\"", "\"poison\"", StringComparison.Ordinal));
        await api.PostAsync("/v1/rate", """{"prompt": "Secret question?", "responses": ["a", "poison"]}""");

        Assert.NotEmpty(log.Lines);
        Assert.DoesNotContain(log.Lines, line => line.Contains("Secret", StringComparison.Ordinal));
    }

    [Fact]
    public void Keys_are_kept_as_hashes()
    {
        using var folder = new TemporaryFolder();
        var key = ApiKey.Create();
        var file = new ApiKeyFile([]).With(Entry("shop", "old")).With(Entry("shop", key) with { Scopes = ["judge"], RequestsPerMinute = 5 });
        file.Write(folder["keys.json"]);

        Assert.DoesNotContain(key, File.ReadAllText(folder["keys.json"]), StringComparison.Ordinal);
        var read = Assert.Single(ApiKeyFile.Read(folder["keys.json"]).Keys);
        Assert.Equal(("shop", ApiKey.HashOf(key), 5), (read.Name, read.Sha256, read.RequestsPerMinute));
        Assert.Empty(file.Without("shop").Keys);
    }

    [Theory]
    [InlineData("nonsense", "no file of keys")]
    [InlineData("""{"keys": [{"name": "x", "sha256": "abc"}]}""", "no SHA-256")]
    [InlineData("""{"keys": [{"name": "x", "sha256": "HASH", "scopes": ["judges"]}]}""", "unknown scope")]
    [InlineData("""{"keys": [{"name": "x", "sha256": "HASH", "requests_per_minute": 0}]}""", "no request")]
    [InlineData("""{"keys": [{"name": "x", "sha256": "HASH"}, {"name": "x", "sha256": "HASH"}]}""", "twice")]
    public void A_file_of_keys_that_is_none_is_refused(string json, string problem)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("keys.json", json.Replace("HASH", ApiKey.HashOf("x"), StringComparison.Ordinal));
        Assert.Contains(problem, Assert.Throws<InputException>(() => ApiKeyFile.Read(path)).Message, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => ApiKeyFile.Read(folder["missing.json"]));
    }

    private static ApiServerOptions Options() => new() { Judge = ApiClient.Options(), LoggerFactory = NullLoggerFactory.Instance };

    private static ApiKey Entry(string name, string key) => new() { Name = name, Sha256 = ApiKey.HashOf(key) };

    private static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    private static async Task<(int Status, string? Problem)> AskAsync(ApiClient api, string path, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = Json(One) };
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await api.Http.SendAsync(request, Cancellation);
        var answer = await ApiAnswer.OfAsync(response);
        return (answer.Status, answer.Status == 200 ? null : answer.Problem);
    }

    private static async Task<ApiAnswer> PackedAsync(ApiClient api, string json)
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(json), Cancellation);
        using var content = new ByteArrayContent(packed.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        content.Headers.ContentEncoding.Add("gzip");
        using var response = await api.Http.PostAsync("/v1/judge", content, Cancellation);
        return await ApiAnswer.OfAsync(response);
    }
}
