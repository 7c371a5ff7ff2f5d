using System.Text.Json;
using Tiebreak.App;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Data;
using Tiebreak.Explorer.Index;
using Tiebreak.Explorer.Server;
using Tiebreak.Testing;

namespace Tiebreak.Explorer.Tests.Server;

/// <summary>An explorer of some battles on a free port, and a client of it.</summary>
internal sealed class RunningExplorer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly ExplorerServer _server;

    private RunningExplorer(TemporaryFolder folder, ExplorerServer server)
    {
        (_folder, _server) = (folder, server);
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = true })
        {
            BaseAddress = new Uri(server.Urls.Single()),
        };
    }

    /// <summary>Sends requests and keeps cookies; follows no redirect.</summary>
    public HttpClient Client { get; }

    /// <summary>The file that votes go to.</summary>
    public string Votes => _folder["votes.jsonl"];

    /// <summary>Starts one, and waits until everything is indexed.</summary>
    /// <param name="battles">The battles.</param>
    /// <param name="name">The name of their file.</param>
    /// <param name="change">Changes what is explored and who may look.</param>
    public static async Task<RunningExplorer> StartAsync(
        IReadOnlyList<Battle> battles, string name = "battles.jsonl", Func<ExplorerOptions, ExplorerOptions>? change = null)
    {
        var folder = new TemporaryFolder();
        BattleWriter.WriteJsonl(folder[name], battles);
        return await StartAsync(folder, folder[name], change);
    }

    /// <summary>Starts one over a file.</summary>
    public static Task<RunningExplorer> StartAsync(string file, Func<ExplorerOptions, ExplorerOptions>? change = null) =>
        StartAsync(new TemporaryFolder(), file, change);

    public Task<string> GetAsync(string address) => Client.GetStringAsync(address, TestContext.Current.CancellationToken);

    /// <summary>Waits until pages that are worked out in the background show what they are about.</summary>
    public async Task UntilWorkedOutAsync(params string[] pages)
    {
        foreach (var page in pages)
        {
            var data = page.Contains(".json", StringComparison.Ordinal) ? page : $"{page}.json";
            while (JsonDocument.Parse(await GetAsync(data)).RootElement.TryGetProperty("note", out _))
                await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits until the data of a page is as it should be.</summary>
    public async Task UntilAsync(string address, Func<JsonElement, bool> holds)
    {
        for (var tries = 0; ; tries++)
        {
            using var answer = await Client.GetAsync(address, TestContext.Current.CancellationToken);
            using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            if (holds(json.RootElement))
                return;
            Assert.True(tries < 1_000, $"{address}: {json.RootElement}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    public Task<HttpResponseMessage> PostAsync(string address, params (string Key, string Value)[] form) => Client.PostAsync(
        address, new FormUrlEncodedContent(form.Select(pair => KeyValuePair.Create(pair.Key, pair.Value))),
        TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    private static async Task<RunningExplorer> StartAsync(
        TemporaryFolder folder, string file, Func<ExplorerOptions, ExplorerOptions>? change)
    {
        Directory.CreateDirectory(folder["index"]);
        var options = new ExplorerOptions
        {
            Files = [file],
            Urls = ["http://127.0.0.1:0"],
            Votes = folder["votes.jsonl"],
            Index = new BattleIndexOptions { Folder = folder["index"] },
            Context = new JobContext { Judges = new JudgeRegistry([]), Threads = 2 },
        };
        var server = await ExplorerServer.StartAsync(change?.Invoke(options) ?? options, TestContext.Current.CancellationToken);
        await server.Index.Completion;
        return new RunningExplorer(folder, server);
    }
}
