using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Tiebreak.Client;
using Tiebreak.Core.Battles;
using Tiebreak.Testing;

namespace Tiebreak.Cli.Tests;

/// <summary>A service that is killed as <c>kill -9</c> does it while a client asks, and started again.</summary>
public sealed class ServeKillTests
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "tiebreak.dll");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public Task A_kill_loses_no_answer_and_each_id_is_recorded_once() => KillAsync(kills: 1);

    [SlowFact]
    public Task Kills_lose_no_answer_and_each_id_is_recorded_once() => KillAsync(kills: 20);

    private static async Task KillAsync(int kills)
    {
        using var folder = new TemporaryFolder();
        var (url, record) = ($"http://127.0.0.1:{FreePort()}", folder["record.jsonl"]);
        var random = new Random(1);
        var (killed, asked, nextKill) = (0, 0, 150);
        var answers = new List<JudgedBattle>();
        var server = Start(url, record);
        try
        {
            var collection = new ServiceCollection();
            collection.AddTiebreakClient(options => options.Address = new Uri(url));
            await using var services = collection.BuildServiceProvider();
            var client = services.GetRequiredService<TiebreakClient>();
            await foreach (var answer in client.JudgeAsync(BattlesAsync(), cancellationToken: Cancellation))
            {
                answers.Add(answer);
                if (killed == kills || answers.Count < nextKill)
                    continue;
                await Task.Delay(random.Next(30), Cancellation); // other requests are being answered
                Kill(server);
                server = Start(url, record);
                (killed, nextKill) = (killed + 1, answers.Count + random.Next(100, 900));
            }
        }
        finally
        {
            Kill(server);
        }

        Assert.Equal(kills, killed);
        Assert.Equal(Enumerable.Range(0, asked).Select(Id), answers.Select(answer => answer.Id));
        Assert.All(answers, answer => Assert.NotNull(answer.Preference));
        var recorded = File.ReadLines(record).Select(line => BattleJson.Read(System.Text.Encoding.UTF8.GetBytes(line)).Id).ToList();
        Assert.Equal(asked, recorded.Count);
        Assert.Equal(Enumerable.Range(0, asked).Select(Id).ToHashSet(StringComparer.Ordinal), recorded.ToHashSet(StringComparer.Ordinal));

        // As long as there are kills to come, and some after the last.
        async IAsyncEnumerable<Client.Battle> BattlesAsync()
        {
            for (var more = 1000; more > 0; more -= killed == kills ? 1 : 0)
            {
                await Task.Yield();
                yield return Client.Battle.Of($"Question {asked}?", "7 is a prime number.", "Eight.") with { Id = Id(asked++) };
            }
        }
    }

    private static string Id(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static Process Start(string url, string record) => Process.Start(new ProcessStartInfo(
        "dotnet",
        [Program, "serve", "--judge", Path.Combine(Repository.Root, "tests", "fixtures", "format-1", "length"), "--urls", url, "--record", record])
    {
        UseShellExecute = false,
    })!;

    private static void Kill(Process server)
    {
        server.Kill();
        server.WaitForExit();
        server.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
