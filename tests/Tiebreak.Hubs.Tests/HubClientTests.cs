using Tiebreak.Core;
using Tiebreak.Testing;

namespace Tiebreak.Hubs.Tests;

public sealed class HubClientTests : IDisposable
{
    private static readonly HubRepository Repository = HubRepository.DataSet("owner/set");

    private readonly FakeHub _hub = new();
    private readonly TemporaryFolder _folder = new();
    private readonly byte[] _data = [.. Enumerable.Range(0, 500_000).Select(i => (byte)(i * 7919 >> 5))];

    public HubClientTests() => _hub.Files["data/train.bin"] = _data;

    private string Path => _folder["data/train.bin"];

    public void Dispose()
    {
        _hub.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Files_large_and_small_are_fetched_and_verified_and_not_fetched_twice()
    {
        _hub.Files["README.md"] = "small"u8.ToArray();

        Assert.Equal([FetchOutcome.Fetched, FetchOutcome.Fetched], await FetchAsync());
        Assert.Equal(_data, await File.ReadAllBytesAsync(Path, TestContext.Current.CancellationToken));
        Assert.Equal([FetchOutcome.AlreadyThere, FetchOutcome.AlreadyThere], await FetchAsync());
        Assert.Equal(2, _hub.Downloads.Count());
        Assert.Equal(2, Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories).Length);

        await File.WriteAllBytesAsync(Path, new byte[_data.Length], TestContext.Current.CancellationToken);
        Assert.Equal([FetchOutcome.Fetched, FetchOutcome.AlreadyThere], await FetchAsync());
    }

    [Fact]
    public async Task A_connection_that_breaks_is_resumed_where_it_broke()
    {
        _hub.Behave = Download((request, number) => number <= 3 ? _hub.Serve(request) with { BreaksAfter = 100_000 } : null);

        Assert.Equal([FetchOutcome.Resumed], await FetchAsync());
        Assert.Equal(_data, await File.ReadAllBytesAsync(Path, TestContext.Current.CancellationToken));
        Assert.Equal([null, "bytes=100000-", "bytes=200000-", "bytes=300000-"], Ranges());
    }

    [Fact]
    public async Task A_server_without_ranges_and_one_whose_file_changed_start_again()
    {
        _hub.Behave = Download((_, number) => number == 1
            ? new FakeHubAnswer { Body = new byte[_data.Length], BreaksAfter = 100_000, Headers = { ["ETag"] = "\"old\"" } }
            : new FakeHubAnswer { Body = _data });

        Assert.Equal([FetchOutcome.Fetched], await FetchAsync());
        Assert.Equal("\"old\"", _hub.Downloads.Last().Headers["If-Range"]);
        Assert.Equal(_data, await File.ReadAllBytesAsync(Path, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_arrived_before_the_command_was_stopped_is_used_the_next_time()
    {
        _hub.Behave = Download(request => _hub.Serve(request) with { BreaksAfter = 200_000 });
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => FetchAsync(new Progress(stop), stop.Token));
        Assert.True(File.Exists($"{Path}.partial"));
        Assert.False(File.Exists(Path));

        _hub.Behave = (_, _) => null;
        Assert.Equal([FetchOutcome.Resumed], await FetchAsync());
        Assert.Equal(_data, await File.ReadAllBytesAsync(Path, TestContext.Current.CancellationToken));
        Assert.Single(Directory.GetFiles(_folder["data"]));
    }

    [Fact]
    public async Task Parts_that_do_not_fit_are_fetched_again_as_a_whole_and_a_wrong_whole_is_refused()
    {
        Directory.CreateDirectory(_folder["data"]);
        await File.WriteAllBytesAsync($"{Path}.partial", new byte[1000], TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync($"{Path}.partial.etag", _hub.Tag, TestContext.Current.CancellationToken);
        Assert.Equal([FetchOutcome.Fetched], await FetchAsync());
        Assert.Equal(["bytes=1000-", null], Ranges());

        File.Delete(Path);
        _hub.Behave = Download(_ => new FakeHubAnswer { Body = new byte[_data.Length] });
        Assert.Contains("is not what its hub says it is", await RefusalAsync<TiebreakException>(), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder["data"]));
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_busy_server_is_asked_again_when_it_says(int status)
    {
        var busy = new FakeHubAnswer { Status = status, Headers = { ["Retry-After"] = "0" } };
        _hub.Behave = Download((_, number) => number < 3 ? busy : null);
        Assert.Equal([FetchOutcome.Fetched], await FetchAsync());

        File.Delete(Path);
        _hub.Behave = Download(_ => new FakeHubAnswer { Status = status, Headers = { ["Retry-After"] = "4000" } });
        Assert.Contains($"answered {status}, asked to wait 4000 s", await RefusalAsync<TiebreakException>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_always_ends_too_early_is_given_up()
    {
        _hub.Behave = Download(_ => new FakeHubAnswer { Body = [] });
        Assert.Contains("it ended after 0 of 500000 bytes", await RefusalAsync<TiebreakException>(), StringComparison.Ordinal);
        Assert.Equal(4, _hub.Downloads.Count());
    }

    [Fact]
    public async Task A_server_that_starts_again_every_time_and_breaks_is_given_up()
    {
        _hub.Behave = Download(_ => new FakeHubAnswer { Body = _data, BreaksAfter = 100_000 });
        Assert.Contains("the connection broke", await RefusalAsync<TiebreakException>(), StringComparison.Ordinal);

        // The first attempt gets further than ever; then four in a row do not.
        Assert.Equal(5, _hub.Downloads.Count());
    }

    [Fact]
    public async Task A_server_that_breaks_and_sends_something_else_is_given_up()
    {
        _hub.Behave = Download(request =>
        {
            var right = _hub.Serve(request);
            return right with { Body = new byte[right.Body.Length], BreaksAfter = 300_000 };
        });
        Assert.Contains("is not what its hub says it is", await RefusalAsync<TiebreakException>(), StringComparison.Ordinal);
        Assert.Equal(4, _hub.Downloads.Count());
    }

    [Fact]
    public async Task More_bytes_than_listed_and_a_web_page_are_refused()
    {
        _hub.Behave = Download(_ => new FakeHubAnswer { Body = new byte[_data.Length + 1] });
        Assert.Contains("the server offers 500001", await RefusalAsync<TiebreakException>(), StringComparison.Ordinal);

        _hub.Behave = Download(_ => new FakeHubAnswer { Body = "<html>"u8.ToArray(), Type = "text/html; charset=utf-8" });
        Assert.Contains("A web page came instead of data/train.bin", await RefusalAsync<InputException>(), StringComparison.Ordinal);

        _hub.Behave = (_, _) => new FakeHubAnswer { Body = "<html>"u8.ToArray(), Type = "text/html" };
        Assert.Contains("does not answer like a hub", await RefusalAsync<TiebreakException>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, null, "accept its terms at http")]
    [InlineData(403, null, "Accept its terms at http")]
    [InlineData(403, "hf_secret", "the token in HF_TOKEN has no access to it")]
    [InlineData(404, null, "There is no owner/set at revision main")]
    public async Task What_is_gated_or_missing_is_named(int status, string? token, string reason)
    {
        _hub.Behave = (_, _) => new FakeHubAnswer { Status = status };
        var message = await RefusalAsync<InputException>(token);
        Assert.Contains(reason, message, StringComparison.Ordinal);
        Assert.Contains("/datasets/owner/set", message, StringComparison.Ordinal);
        Assert.DoesNotContain("hf_secret", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_token_goes_to_the_hub_and_not_to_the_store_that_it_sends_one_to()
    {
        using var store = new FakeHub();
        store.Behave = (_, _) => new FakeHubAnswer { Body = _data };
        _hub.Behave = Download(_ => new FakeHubAnswer { Status = 302, Headers = { ["Location"] = $"{store.Address}signed?key=secret" } });

        Assert.Equal([FetchOutcome.Fetched], await FetchAsync(token: "hf_secret"));
        Assert.All(_hub.Requests, request => Assert.Equal("Bearer hf_secret", request.Headers["Authorization"]));
        Assert.False(Assert.Single(store.Requests).Headers.ContainsKey("Authorization"));
        Assert.DoesNotContain("hf_secret", $"{new HubOptions { Token = "hf_secret" }}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../evil")]
    [InlineData("/evil")]
    [InlineData("a//b")]
    [InlineData("a:b")]
    [InlineData(".. /evil")]
    [InlineData(".../evil")]
    public async Task A_path_that_leads_elsewhere_is_refused(string path)
    {
        _hub.Files[path] = "x"u8.ToArray();
        Assert.Contains("would not lie in the folder", await RefusalAsync<InputException>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Control_characters_in_a_path_are_refused_and_do_not_reach_the_terminal()
    {
        var file = $$"""{"type":"file","oid":"{{new string('0', 40)}}","size":1,"path":"a\u001b[2Jb"}""";
        _hub.Behave = (request, _) => request.Path.Contains("/tree/", StringComparison.Ordinal) ? FakeHubAnswer.Json($"[{file}]") : null;
        Assert.Contains("\"a?[2Jb\"", await RefusalAsync<InputException>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"sha":"../../other"}""", "[]")]
    [InlineData("""{"sha":"\ud800"}""", "[]")]
    [InlineData("""{"sha":"c0ffee"}""", """[{"type":"file","oid":"12","size":1,"path":"a"}]""")]
    [InlineData("""{"sha":"c0ffee"}""", """[{"type":"file","oid":"\ud800","size":1,"path":"a"}]""")]
    [InlineData("""{"sha":"c0ffee"}""", """[{"type":"file","size":1,"path":"a"}]""")]
    [InlineData("""{"sha":"c0ffee"}""", """{"error":"none"}""")]
    public async Task Answers_that_are_no_list_are_refused(string revision, string tree)
    {
        _hub.Behave = (request, _) => FakeHubAnswer.Json(request.Path.Contains("/revision/", StringComparison.Ordinal) ? revision : tree);
        Assert.Contains("does not answer like a hub", await RefusalAsync<TiebreakException>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_next_part_of_a_list_is_followed_on_the_hub_only()
    {
        _hub.Files["more.bin"] = _data;
        var target = $"{_hub.Address}api/datasets/owner/set/tree/c0ffee?cursor=2";
        _hub.Behave = (request, _) => request.Path.EndsWith("recursive=true", StringComparison.Ordinal)
            ? new FakeHubAnswer { Body = "[]"u8.ToArray(), Headers = { ["Link"] = $"<{target}>; rel=\"next\"" } }
            : null;
        Assert.Equal([FetchOutcome.Fetched, FetchOutcome.Fetched], await FetchAsync());

        target = "http://other.example/";
        Assert.Contains("does not answer like a hub", await RefusalAsync<TiebreakException>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    public async Task A_revision_that_is_none_is_refused(string revision)
    {
        using var client = new HubClient(new HubOptions { Endpoint = _hub.Address });
        var cancellationToken = TestContext.Current.CancellationToken;
        var refusal = await Assert.ThrowsAsync<InputException>(() => client.ListAsync(Repository, revision, cancellationToken));
        Assert.Contains("is no revision", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(_hub.Requests);
    }

    [Theory]
    [InlineData("set")]
    [InlineData("../x")]
    [InlineData("a/b/c")]
    [InlineData("a/b?c")]
    public void A_name_that_is_none_is_refused(string name) => Assert.Throws<InputException>(() => HubRepository.Model(name));

    private static Func<FakeHubRequest, int, FakeHubAnswer?> Download(Func<FakeHubRequest, FakeHubAnswer> answer) =>
        Download((request, _) => answer(request));

    private static Func<FakeHubRequest, int, FakeHubAnswer?> Download(Func<FakeHubRequest, int, FakeHubAnswer?> answer) =>
        (request, number) => request.Path.Contains("/resolve/", StringComparison.Ordinal) ? answer(request, number) : null;

    private async Task<string> RefusalAsync<T>(string? token = null)
        where T : TiebreakException => (await Assert.ThrowsAsync<T>(() => FetchAsync(token))).Message;

    private IEnumerable<string?> Ranges() => _hub.Downloads.Select(request => request.Headers.GetValueOrDefault("Range"));

    private Task<FetchOutcome[]> FetchAsync(string? token = null) =>
        FetchAsync(progress: null, TestContext.Current.CancellationToken, token);

    private async Task<FetchOutcome[]> FetchAsync(IProgress<long>? progress, CancellationToken cancellationToken, string? token = null)
    {
        var options = new HubOptions { Endpoint = _hub.Address, Token = token, FirstPause = TimeSpan.FromMilliseconds(1), Tries = 4 };
        using var client = new HubClient(options);
        var listing = await client.ListAsync(Repository, "main", cancellationToken);
        var outcomes = new List<FetchOutcome>();
        foreach (var file in listing.Files)
            outcomes.Add(await client.FetchAsync(file, _folder.Path, progress, cancellationToken));
        return [.. outcomes];
    }

    private sealed class Progress(CancellationTokenSource stop) : IProgress<long>
    {
        public void Report(long value) => stop.Cancel();
    }
}
