using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Tiebreak.Core.Judging;
using Tiebreak.Features.FeatureJudges;
using Tiebreak.Hosting;
using Tiebreak.Hosting.Security;
using Tiebreak.Hosting.Server;
using Tiebreak.Testing;

namespace Tiebreak.Client.Tests;

/// <summary>The client and a service of the same version, over the loopback interface.</summary>
public sealed class ClientTests
{
    private static readonly Battle Prime = Battle.Of("Name a prime number.", "7 is a prime number.", "Eight.");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_battle_is_judged()
    {
        await using var server = await StartAsync();
        using var services = Services(server.Urls.Single());
        var client = services.GetRequiredService<TiebreakClient>();
        var judged = await client.JudgeAsync(Prime, bothOrders: true, explain: true, Cancellation);

        Assert.Null(judged.Error);
        Assert.Equal(1, judged.Preference!.A + judged.Preference.B + judged.Preference.Tie, 1e-6);
        Assert.NotNull(judged.Winner);
        Assert.Equal(judged.Preference, judged.AsGiven);
        Assert.Equal(judged.Preference, judged.Exchanged);
        Assert.NotEmpty(judged.Reasons);
    }

    [Fact]
    public async Task Many_battles_are_judged_in_their_order()
    {
        await using var server = await StartAsync();
        using var services = Services(server.Urls.Single());
        var client = services.GetRequiredService<TiebreakClient>();
        var answers = await client.JudgeAsync(BattlesAsync(950), cancellationToken: Cancellation).ToListAsync(Cancellation);

        Assert.Equal(Enumerable.Range(0, 950).Select(i => $"{i}"), answers.Select(answer => answer.Id));
        Assert.All(answers, answer => Assert.NotNull(answer.Preference));
    }

    [Fact]
    public async Task Responses_are_ranked()
    {
        await using var server = await StartAsync();
        using var services = Services(server.Urls.Single());
        var ranking = await services.GetRequiredService<TiebreakClient>().RateAsync("P", ["one", "two two", "three three three"], Cancellation);
        Assert.Equal([0, 1, 2], ranking.Select(rated => rated.Index).Order());
        Assert.Equal(1, ranking.Sum(rated => rated.BestProbability), 1e-9);
    }

    [Fact]
    public async Task What_the_service_refuses_is_told_with_its_code()
    {
        var key = ApiKey.Create();
        await using var server = await StartAsync(keys: [new ApiKey { Name = "x", Sha256 = ApiKey.HashOf(key) }]);
        using var strangers = Services(server.Urls.Single());
        var error = await Assert.ThrowsAsync<TiebreakApiException>(
            () => strangers.GetRequiredService<TiebreakClient>().JudgeAsync(Prime, cancellationToken: Cancellation));
        Assert.Equal((HttpStatusCode.Unauthorized, "unauthenticated"), (error.Status, error.Code));

        using var services = Services(server.Urls.Single(), key);
        var client = services.GetRequiredService<TiebreakClient>();
        Assert.Null((await client.JudgeAsync(Prime, cancellationToken: Cancellation)).Error);
        error = await Assert.ThrowsAsync<TiebreakApiException>(() => client.RateAsync("P", ["one"], Cancellation));
        Assert.Equal("input", error.Code);
    }

    [Fact]
    public async Task Nothing_is_lost_when_the_service_starts_again_and_each_id_is_recorded_once()
    {
        using var folder = new TemporaryFolder();
        var url = $"http://127.0.0.1:{FreePort()}";
        var server = await StartAsync(url, folder["record.jsonl"]);
        try
        {
            using var services = Services(url);
            var client = services.GetRequiredService<TiebreakClient>();
            var answers = new List<JudgedBattle>();
            await foreach (var answer in client.JudgeAsync(BattlesAsync(3000), cancellationToken: Cancellation))
            {
                answers.Add(answer);
                if (answers.Count is not (500 or 1700))
                    continue;
                await server.DisposeAsync(); // connections break, whatever was being answered on them
                server = await StartAsync(url, folder["record.jsonl"]);
            }

            Assert.Equal(Enumerable.Range(0, 3000).Select(i => $"{i}"), answers.Select(answer => answer.Id));
            Assert.All(answers, answer => Assert.NotNull(answer.Preference));
        }
        finally
        {
            await server.DisposeAsync();
        }

        var ids = File.ReadLines(folder["record.jsonl"]).Select(line => line.Split('"')[3]).ToList();
        Assert.Equal(3000, ids.Count);
        Assert.Equal(3000, ids.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void An_address_is_needed() =>
        Assert.Throws<ArgumentException>(() => new ServiceCollection().AddTiebreakClient(_ => { }));

    private static Task<ApiServer> StartAsync(string url = "http://127.0.0.1:0", string? record = null, IReadOnlyList<ApiKey>? keys = null)
    {
        var judge = new TiebreakOptions
        {
            Judge = Path.Combine(Repository.Root, "tests", "fixtures", "format-1", "length"),
            Placement = new Placement { Threads = 2 },
        };
        judge.Kinds.Add(new FeatureJudgeFormat());
        return ApiServer.StartAsync(
            new ApiServerOptions
            {
                Judge = judge,
                Urls = [url],
                Record = record,
                Keys = keys,
                LoggerFactory = NullLoggerFactory.Instance,
            },
            Cancellation);
    }

    private static ServiceProvider Services(string url, string? key = null)
    {
        var services = new ServiceCollection();
        services.AddTiebreakClient(options => (options.Address, options.Key) = (new Uri(url), key));
        return services.BuildServiceProvider();
    }

    private static async IAsyncEnumerable<Battle> BattlesAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await Task.Yield();
            yield return Prime with { Prompt = [$"Question {i}?"] };
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
