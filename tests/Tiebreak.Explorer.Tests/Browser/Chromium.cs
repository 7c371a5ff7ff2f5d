using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tiebreak.Testing;

namespace Tiebreak.Explorer.Tests.Browser;

/// <summary>Debian's chromium, spoken to by its DevTools protocol: one page, what happens on it, and pictures of it.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private const string Program = "/usr/bin/chromium";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _profile = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonNode>> _asked = [];
    private readonly ClientWebSocket _socket = new();
    private Process _process = null!;
    private TaskCompletionSource _loaded = new();
    private Task _listening = Task.CompletedTask;
    private int _last;

    /// <summary>What the browser complained of: errors of scripts, refused content, dialogs.</summary>
    public ConcurrentQueue<string> Complaints { get; } = [];

    /// <summary>Starts the browser; skips the test where there is none.</summary>
    public static async Task<Chromium> StartAsync()
    {
        Assert.SkipUnless(File.Exists(Program), $"There is no {Program}: pages are not tried in a browser.");
        var browser = new Chromium();
        await browser.ConnectAsync();
        return browser;
    }

    /// <summary>Sets the size of the window, and whether the person prefers dark pages.</summary>
    public async Task ShowAsAsync(int width, int height, bool isDark)
    {
        await SendAsync("Emulation.setDeviceMetricsOverride", new JsonObject
        {
            ["width"] = width,
            ["height"] = height,
            ["deviceScaleFactor"] = 1,
            ["mobile"] = width < 600,
        });
        await SendAsync("Emulation.setEmulatedMedia", new JsonObject
        {
            ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = isDark ? "dark" : "light" }),
        });
    }

    /// <summary>Opens an address and waits until it is loaded.</summary>
    public async Task OpenAsync(Uri address)
    {
        _loaded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await SendAsync("Page.navigate", new JsonObject { ["url"] = address.AbsoluteUri });
        await _loaded.Task.WaitAsync(Patience);
    }

    /// <summary>Does something that leads to another page, and waits until that is loaded.</summary>
    public async Task FollowAsync(Func<Task> act)
    {
        _loaded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await act();
        await _loaded.Task.WaitAsync(Patience);
    }

    /// <summary>The value of an expression on the page.</summary>
    public async Task<JsonNode?> EvaluateAsync(string script)
    {
        var answer = await SendAsync("Runtime.evaluate", new JsonObject
        {
            ["expression"] = script,
            ["returnByValue"] = true,
            ["awaitPromise"] = true,
        });
        return answer["result"]?["value"];
    }

    /// <summary>Waits until an expression is true.</summary>
    public async Task UntilAsync(string script)
    {
        var time = Stopwatch.StartNew();
        while ((await EvaluateAsync(script))?.GetValue<bool>() is not true)
        {
            Assert.True(time.Elapsed < Patience, $"It never became true: {script}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Presses a key that writes a character.</summary>
    public async Task PressAsync(char key)
    {
        foreach (var type in new[] { "keyDown", "keyUp" })
            await SendAsync("Input.dispatchKeyEvent", new JsonObject { ["type"] = type, ["key"] = $"{key}", ["text"] = $"{key}" });
    }

    /// <summary>A picture of what the window shows, as PNG.</summary>
    public async Task<byte[]> PictureAsync() => Convert.FromBase64String(
        (await SendAsync("Page.captureScreenshot", new JsonObject { ["format"] = "png" }))["data"]!.GetValue<string>());

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        await _listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _socket.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _profile.Dispose();
    }

    private async Task ConnectAsync()
    {
        _process = Process.Start(new ProcessStartInfo(
            Program,
            [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars",
                "--remote-debugging-port=0", $"--user-data-dir={_profile.Path}", "about:blank",
            ])
        {
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        var port = 0;
        while (port == 0 && await _process.StandardError.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            if (line.StartsWith("DevTools listening on ", StringComparison.Ordinal))
                port = new Uri(line["DevTools listening on ".Length..]).Port;
        }

        _ = _process.StandardError.ReadToEndAsync();
        using var http = new HttpClient();
        using var opened = await http.PutAsync(new Uri($"http://127.0.0.1:{port}/json/new?about:blank"), content: null);
        var page = JsonNode.Parse(await opened.Content.ReadAsStringAsync())!;
        await _socket.ConnectAsync(new Uri(page["webSocketDebuggerUrl"]!.GetValue<string>()), CancellationToken.None);
        _listening = Task.Run(ListenAsync);
        foreach (var domain in new[] { "Page", "Runtime", "Log" })
            await SendAsync($"{domain}.enable", []);
    }

    private async Task<JsonNode> SendAsync(string method, JsonObject parameters)
    {
        var id = Interlocked.Increment(ref _last);
        var answer = _asked[id] = new TaskCompletionSource<JsonNode>(TaskCreationOptions.RunContinuationsAsynchronously);
        var message = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters };
        await _socket.SendAsync(
            JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        return await answer.Task.WaitAsync(Patience);
    }

    private async Task ListenAsync()
    {
        var buffer = new byte[1 << 16];
        while (true)
        {
            using var message = new MemoryStream();
            WebSocketReceiveResult part;
            do
            {
                part = await _socket.ReceiveAsync(buffer, CancellationToken.None);
                message.Write(buffer, 0, part.Count);
            }
            while (!part.EndOfMessage);
            Take(JsonNode.Parse(message.ToArray())!);
        }
    }

    private void Take(JsonNode message)
    {
        if (message["id"]?.GetValue<int>() is { } id)
        {
            var asked = _asked[id];
            if (message["error"] is { } error)
                asked.SetException(new InvalidOperationException(error.ToJsonString()));
            else
                asked.SetResult(message["result"]!);
            return;
        }

        switch (message["method"]!.GetValue<string>())
        {
            case "Page.loadEventFired":
                _loaded.TrySetResult();
                break;
            case "Page.javascriptDialogOpening" or "Runtime.exceptionThrown":
                Complaints.Enqueue(message.ToJsonString());
                break;
            case "Log.entryAdded" when message["params"]!["entry"]!["level"]!.GetValue<string>() is "error":
                Complaints.Enqueue(message["params"]!["entry"]!["text"]!.GetValue<string>());
                break;
        }
    }
}
