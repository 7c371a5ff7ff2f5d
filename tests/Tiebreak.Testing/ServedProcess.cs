using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace Tiebreak.Testing;

/// <summary><c>tiebreak serve</c> in a process of its own, for test projects that reference the command.</summary>
public sealed class ServedProcess : IDisposable
{
    private readonly Process _process;
    private readonly HttpClient _http;

    private ServedProcess(Process process, Uri address)
    {
        _process = process;
        _http = new HttpClient { BaseAddress = address };
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Starts it and waits until its judge has reproduced its check rows.</summary>
    /// <param name="judge">The folder of the bundle.</param>
    /// <param name="environment">Variables beside those of this process.</param>
    public static async Task<ServedProcess> StartAsync(string judge, params IEnumerable<(string Name, string Value)> environment)
    {
        string[] serve = ["serve", "--judge", judge, "--urls", "http://127.0.0.1:0", "--json"];
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "tiebreak.dll"), .. serve])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        var text = "";
        while (await process.StandardOutput.ReadLineAsync(Cancellation) is { } line)
        {
            text += line;
            if (line is "}")
                return new ServedProcess(process, new Uri((string)JsonNode.Parse(text)!["urls"]![0]!));
        }

        process.Dispose();
        throw new InvalidOperationException("The service ended before it was ready.");
    }

    /// <summary>Posts a body.</summary>
    /// <returns>The answer, which must be one of success.</returns>
    public async Task<string> PostAsync(string path, byte[] body, string mediaType)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        using var response = await _http.PostAsync(path, content, Cancellation);
        var answer = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.IsSuccessStatusCode, answer);
        return answer;
    }

    /// <summary>How many battles it has judged, and in how many batches.</summary>
    public async Task<(double Battles, double Batches)> BatchesAsync()
    {
        var metrics = (await _http.GetStringAsync("/metrics", Cancellation)).Split('\n');
        return (Value("tiebreak_batch_battles_sum"), Value("tiebreak_batch_battles_count"));

        double Value(string name) => double.Parse(
            metrics.Single(line => line.StartsWith(name, StringComparison.Ordinal)).Split(' ')[1], CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        _http.Dispose();
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
