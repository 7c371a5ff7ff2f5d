using System.Net;
using System.Text;
using Tiebreak.Core.Battles;
using Tiebreak.Explorer.Tests.Rendering;
using Tiebreak.Hosting.Security;

namespace Tiebreak.Explorer.Tests.Server;

public sealed class SecurityTests(SecurityTests.Fixture fixture) : IClassFixture<SecurityTests.Fixture>
{
    private static readonly Battle Plain = new() { Id = "1", Turns = [new Turn("p", "a", "b")] };

    [Fact]
    public async Task Pages_allow_nothing_but_the_explorers_own_files()
    {
        var explorer = fixture.Explorer;
        foreach (var address in new[] { "/", "/battles.json", "/nowhere" })
        {
            using var answer = await explorer.Client.GetAsync(address, TestContext.Current.CancellationToken);
            var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
            Assert.StartsWith("default-src 'none';", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        }
    }

    [Theory]
    [InlineData("GET", "/", "Sec-Fetch-Site: cross-site|Sec-Fetch-Mode: navigate|Sec-Fetch-Dest: document", HttpStatusCode.OK)]
    [InlineData("GET", "/", "Sec-Fetch-Site: cross-site|Sec-Fetch-Mode: navigate|Sec-Fetch-Dest: iframe", HttpStatusCode.Forbidden)]
    [InlineData("GET", "/battles.json", "Sec-Fetch-Site: cross-site|Sec-Fetch-Mode: cors", HttpStatusCode.Forbidden)]
    [InlineData("GET", "/battles.json", "Sec-Fetch-Site: same-origin|Sec-Fetch-Mode: cors", HttpStatusCode.OK)]
    [InlineData("POST", "/vote/name", "Sec-Fetch-Site: cross-site|Sec-Fetch-Mode: navigate|Sec-Fetch-Dest: document", HttpStatusCode.Forbidden)]
    [InlineData("POST", "/vote/name", "Sec-Fetch-Site: same-site", HttpStatusCode.Forbidden)]
    [InlineData("POST", "/vote/name", "Origin: http://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("POST", "/vote/name", "Origin: null", HttpStatusCode.Forbidden)]
    [InlineData("POST", "/vote/name", "Sec-Fetch-Site: same-origin", HttpStatusCode.Redirect)]
    [InlineData("GET", "/", "Host: evil.example", HttpStatusCode.BadRequest)]
    public async Task Other_sites_can_only_link_here(string method, string address, string headers, HttpStatusCode status)
    {
        var explorer = fixture.Explorer;
        using var request = new HttpRequestMessage(new HttpMethod(method), address);
        foreach (var header in headers.Split('|').Select(header => header.Split(": ")))
            request.Headers.TryAddWithoutValidation(header[0], header[1]);
        if (method is "POST")
            request.Content = new FormUrlEncodedContent([KeyValuePair.Create("name", "ann")]);
        using var answer = await explorer.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(status, answer.StatusCode);
    }

    [Fact]
    public async Task Keys_let_programs_and_browsers_in_and_others_not()
    {
        var (key, narrow) = (ApiKey.Create(), ApiKey.Create());
        ApiKey[] keys =
        [
            new() { Name = "ann", Sha256 = ApiKey.HashOf(key) }, new() { Name = "bob", Sha256 = ApiKey.HashOf(narrow), Scopes = ["judge"] },
        ];
        await using var explorer = await RunningExplorer.StartAsync([Plain], change: options => options with { Keys = keys });
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(null));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("Bearer " + ApiKey.Create()));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("Bearer " + narrow));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("Basic !"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("Bearer " + key));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("any:" + key))));

        async Task<HttpStatusCode> StatusAsync(string? authorization)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/vote");
            if (authorization is not null)
                request.Headers.TryAddWithoutValidation("Authorization", authorization);
            using var answer = await explorer.Client.SendAsync(request, TestContext.Current.CancellationToken);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task Hostile_names_and_texts_stay_texts_on_every_page()
    {
        await using var explorer = await RunningExplorer.StartAsync(HostileBattles(), HostileFileName);
        foreach (var page in (string[])["/", "/battles", "/models", "/leaderboard", .. Enumerable.Range(1, 20).Select(i => $"/battle/{i}")])
        {
            var html = await explorer.GetAsync(page);
            Assert.DoesNotMatch("<(?:img|iframe|object|embed|video|audio|base|marquee|body on|style)|<script(?! src=\"/assets/)| on[a-z]+=\"", html);
        }
    }

    /// <summary>One explorer for all tests that change nothing.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        internal RunningExplorer Explorer { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Explorer = await RunningExplorer.StartAsync([Plain]);

        public ValueTask DisposeAsync() => Explorer.DisposeAsync();
    }

    /// <summary>The name of a file that would be markup if it were not escaped.</summary>
    public static string HostileFileName => "<img src=x onerror=document.documentElement.setAttribute('data-broken',1)>.jsonl";

    /// <summary>Battles of hostile texts: each is a prompt, both answers and a tag, and some are models, languages, sources and ids too.</summary>
    public static IReadOnlyList<Battle> HostileBattles() =>
    [
        .. HostileTexts.All.Chunk(8).Select((texts, i) => new Battle
        {
            Id = $"{i} {texts[0]}",
            Turns = [.. texts.Select(text => new Turn(text, text, text + " b"))],
            ModelA = texts[1],
            ModelB = texts[2],
            Verdict = (Verdict)(i % 4),
            Language = texts[3],
            Source = texts[4],
            Tags = texts,
        }),
    ];
}
