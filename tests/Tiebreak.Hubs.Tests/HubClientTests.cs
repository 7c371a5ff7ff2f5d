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
        _hub.Behave = (request, number) => request.Path.Contains("/resolve/", StringComparison.Ordinal) && number <= 3 ? _hub.Serve(request) with { BreaksAfter = 100_000 } : null;

        Assert.Equal([FetchOutcome.Resumed], await FetchAsync());
        Assert.Equal(_data, await File.ReadAllBytesAsync(Path, TestContext.Current.CancellationToken));
        Assert.Equal([null, "bytes=100000-", "bytes=200000-", "bytes=300000-"], _hub.Downloads.Select(request => request.Headers.GetValueOrDefault("Range")));
    }

    [Fact]
    public async Task A_server_without_ranges_and_one_whose_file_changed_start_again()
    {
        _hub.Behave = (request, number) => !request.Path.Contains("/resolve/", StringComparison.Ordinal) ? null
            : number == 1 ? new FakeHubAnswer { Body = new byte[_data.Length], BreaksAfter = 100_000, Headers = { ["ETag"] = "\"old\"" } }
            : new FakeHubAnswer { Body = _data };

        Assert.Equal([FetchOutcome.Fetched], await FetchAsync());
        Assert.Equal("\"old\"", _hub.Downloads.Last().Headers["If-Range"]);
        Assert.Equal(_data, await File.ReadAllBytesAsync(Path, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_arrived_before_the_command_was_stopped_is_used_the_next_time()
    {
        _hub.Behave = (request, _) => request.Path.Contains("/resolve/", StringComparison.Ordinal) ? _hub.Serve(request) with { BreaksAfter = 200_000 } : null;
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
        Assert.Equal(["bytes=1000-", null], _hub.Downloads.Select(request => request.Headers.GetValueOrDefault("Range")));

        File.Delete(Path);
        _hub.Behave = (request, _) => request.Path.Contains("/resolve/", StringComparison.Ordinal) ? new FakeHubAnswer { Body = new byte[_data.Length] } : null;
        Assert.Contains("is not what its hub says it is", (await Assert.ThrowsAsync<TiebreakException>(() => FetchAsync())).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder["data"]));
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_busy_server_is_asked_again_when_it_says(int status)
    {
        _hub.Behave = (request, number) => request.Path.Contains("/resolve/", StringComparison.Ordinal) && number < 3 ? new FakeHubAnswer { Status = status, Headers = { ["Retry-After"] = "0" } } : null;
        Assert.Equal([FetchOutcome.Fetched], await FetchAsync());

        File.Delete(Path);
        _hub.Behave = (request, _) => request.Path.Contains("/resolve/", StringComparison.Ordinal) ? new FakeHubAnswer { Status = status, Headers = { ["Retry-After"] = "4000" } } : null;
        Assert.Contains($"answered {status}, asked to wait 4000 s", (await Assert.ThrowsAsync<TiebreakException>(() => FetchAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_always_ends_too_early_is_given_up()
    {
        _hub.Behave = (request, _) => request.Path.Contains("/resolve/", StringComparison.Ordinal) ? new FakeHubAnswer { Body = [] } : null;
        Assert.Contains("it ended after 0 of 500000 bytes", (await Assert.ThrowsAsync<TiebreakException>(() => FetchAsync())).Message, StringComparison.Ordinal);
        Assert.Equal(4, _hub.Downloads.Count());
    }

    [Fact]
    public async Task More_bytes_than_listed_and_a_web_page_are_refused()
    {
        _hub.Behave = (request, _) => request.Path.Contains("/resolve/", StringComparison.Ordinal) ? new FakeHubAnswer { Body = new byte[_data.Length + 1] } : null;
        Assert.Contains("the server offers 500001", (await Assert.ThrowsAsync<TiebreakException>(() => FetchAsync())).Message, StringComparison.Ordinal);

        _hub.Behave = (request, _) => request.Path.Contains("/resolve/", StringComparison.Ordinal) ? new FakeHubAnswer { Body = "<html>"u8.ToArray(), Type = "text/html; charset=utf-8" } : null;
        Assert.Contains("A web page came instead of data/train.bin", (await Assert.ThrowsAsync<InputException>(() => FetchAsync())).Message, StringComparison.Ordinal);

        _hub.Behave = (_, _) => new FakeHubAnswer { Body = "<html>"u8.ToArray(), Type = "text/html" };
        Assert.Contains("does not answer like a hub", (await Assert.ThrowsAsync<TiebreakException>(() => FetchAsync())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, null, "accept its terms at http")]
    [InlineData(403, null, "Accept its terms at http")]
    [InlineData(403, "hf_secret", "the token in HF_TOKEN has no access to it")]
    [InlineData(404, null, "There is no owner/set at revision main")]
    public async Task What_is_gated_or_missing_is_named(int status, string? token, string reason)
    {
        _hub.Behave = (_, _) => new FakeHubAnswer { Status = status };
        var message = (await Assert.ThrowsAsync<InputException>(() => FetchAsync(token: token))).Message;
        Assert.Contains(reason, message, StringComparison.Ordinal);
        Assert.Contains("/datasets/owner/set", message, StringComparison.Ordinal);
        Assert.DoesNotContain("hf_secret", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_token_goes_to_the_hub_and_not_to_the_store_that_it_sends_one_to()
    {
        using var store = new FakeHub();
        store.Behave = (_, _) => new FakeHubAnswer { Body = _data };
        _hub.Behave = (request, _) => request.Path.Contains("/resolve/", StringComparison.Ordinal) ? new FakeHubAnswer { Status = 302, Headers = { ["Location"] = $"{store.Address}signed?key=secret" } } : null;

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
    public async Task A_path_that_leads_elsewhere_is_refused(string path)
    {
        _hub.Files[path] = "x"u8.ToArray();
        Assert.Contains("would not lie in the folder", (await Assert.ThrowsAsync<InputException>(() => FetchAsync())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("set")]
    [InlineData("../x")]
    [InlineData("a/b/c")]
    [InlineData("a/b?c")]
    public void A_name_that_is_none_is_refused(string name) => Assert.Throws<InputException>(() => HubRepository.Model(name));

    private Task<FetchOutcome[]> FetchAsync(string? token = null) => FetchAsync(progress: null, TestContext.Current.CancellationToken, token);

    private async Task<FetchOutcome[]> FetchAsync(IProgress<long>? progress, CancellationToken cancellationToken, string? token = null)
    {
        using var client = new HubClient(new HubOptions { Endpoint = _hub.Address, Token = token, FirstPause = TimeSpan.FromMilliseconds(1), Tries = 4 });
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
