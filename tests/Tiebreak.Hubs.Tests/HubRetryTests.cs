using System.Diagnostics;
using System.Globalization;
using Tiebreak.Core;
using Tiebreak.Testing;

namespace Tiebreak.Hubs.Tests;

public sealed class HubRetryTests : IDisposable
{
    private readonly FakeHub _hub = new();
    private readonly List<HubPause> _pauses = [];

    public void Dispose() => _hub.Dispose();

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(599)]
    public async Task Each_pause_before_a_busy_server_is_asked_again_is_told(int status)
    {
        _hub.Behave = (_, _) => _hub.Requests.Count < 3 ? new FakeHubAnswer { Status = status } : null;
        await ListAsync();

        Assert.Equal(2, _pauses.Count);
        Assert.All(_pauses, pause => Assert.Equal($"the server answered {status}", pause.Reason));
        Assert.All(_pauses, pause => Assert.InRange(pause.Duration, TimeSpan.FromTicks(1), TimeSpan.FromMilliseconds(20)));
        Assert.All(_pauses, pause => Assert.Equal($"{_hub.Address}api/models/owner/name/revision/main", pause.Address));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(416)]
    public async Task Other_answers_are_final(int status)
    {
        _hub.Behave = (_, _) => new FakeHubAnswer { Status = status };
        await Assert.ThrowsAnyAsync<TiebreakException>(() => ListAsync());
        Assert.Single(_hub.Requests);
        Assert.Empty(_pauses);
    }

    [Theory]
    [InlineData("http://nobody.invalid/")]
    [InlineData("http://127.0.0.1:1/")]
    public async Task A_server_that_cannot_be_reached_at_all_is_not_waited_for(string endpoint)
    {
        using var client = new HubClient(
            new HubOptions { Endpoint = new Uri(endpoint), FirstPause = TimeSpan.FromMinutes(1) }, new Pauses(_pauses, onPause: null));
        var failure = await Assert.ThrowsAsync<TiebreakException>(() =>
            client.ListAsync(HubRepository.Model("owner/name"), "main", TestContext.Current.CancellationToken));
        Assert.Equal(ErrorCodes.Network, failure.Code);
        Assert.Contains("cannot be reached", failure.Message, StringComparison.Ordinal);
        Assert.Empty(_pauses);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task The_attempts_are_counted(int tries)
    {
        _hub.Behave = (_, _) => new FakeHubAnswer { Status = 503 };
        var failure = await Assert.ThrowsAsync<TiebreakException>(() => ListAsync(new HubOptions { Tries = tries }));
        Assert.Contains("could not be fetched: the server answered 503. Run the same command", failure.Message, StringComparison.Ordinal);
        Assert.Equal((tries, tries - 1), (_hub.Requests.Count, _pauses.Count));
    }

    [Fact]
    public async Task A_server_that_states_a_pause_or_a_date_is_obeyed()
    {
        var past = DateTimeOffset.UtcNow.AddMinutes(-1).ToString("R", CultureInfo.InvariantCulture);
        _hub.Behave = (_, _) => _hub.Requests.Count switch
        {
            1 => new FakeHubAnswer { Status = 429, Headers = { ["Retry-After"] = "1" } },
            2 => new FakeHubAnswer { Status = 503, Headers = { ["Retry-After"] = past } },
            _ => null,
        };
        var time = Stopwatch.StartNew();
        await ListAsync();
        Assert.Equal([TimeSpan.FromSeconds(1), TimeSpan.Zero], _pauses.Select(pause => pause.Duration));
        Assert.InRange(time.Elapsed, TimeSpan.FromSeconds(0.9), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_pause_that_is_too_long_ends_the_attempts_at_once()
    {
        var later = DateTimeOffset.UtcNow.AddHours(1).ToString("R", CultureInfo.InvariantCulture);
        _hub.Behave = (_, _) => new FakeHubAnswer { Status = 429, Headers = { ["Retry-After"] = later } };
        var failure = await Assert.ThrowsAsync<TiebreakException>(() => ListAsync());
        Assert.Contains("the server answered 429, asked to wait 3", failure.Message, StringComparison.Ordinal);
        Assert.Single(_hub.Requests);
    }

    [Fact]
    public async Task A_pause_can_be_cancelled()
    {
        _hub.Behave = (_, _) => new FakeHubAnswer { Status = 429, Headers = { ["Retry-After"] = "200" } };
        using var stop = new CancellationTokenSource();
        var time = Stopwatch.StartNew();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => ListAsync(onPause: () => stop.CancelAfter(20), cancellationToken: stop.Token));
        Assert.InRange(time.Elapsed, TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_list_that_falls_silent_is_asked_for_again()
    {
        _hub.Behave = (_, _) => _hub.Requests.Count == 1
            ? FakeHubAnswer.Json("""{"sha":"c0ffee"}""") with { ClaimedLength = 1000, Silence = TimeSpan.FromMinutes(1) }
            : null;
        await ListAsync(new HubOptions { Silence = TimeSpan.FromMilliseconds(300) });
        Assert.StartsWith("nothing arrived for", Assert.Single(_pauses).Reason, StringComparison.Ordinal);
    }

    private async Task ListAsync(HubOptions? options = null, Action? onPause = null, CancellationToken cancellationToken = default)
    {
        var hub = (options ?? new HubOptions()) with { Endpoint = _hub.Address, FirstPause = TimeSpan.FromMilliseconds(1) };
        using var client = new HubClient(hub, new Pauses(_pauses, onPause));
        await client.ListAsync(HubRepository.Model("owner/name"), "main", cancellationToken);
    }

    private sealed class Pauses(List<HubPause> pauses, Action? onPause) : IProgress<HubPause>
    {
        public void Report(HubPause value)
        {
            pauses.Add(value);
            onPause?.Invoke();
        }
    }
}
