using System.Diagnostics;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tiebreak.Core.Battles;
using Tiebreak.Data;

namespace Tiebreak.Benchmarks;

/// <summary>
/// The tables of <c>bench/results/CPU/serve.md</c>: what <c>tiebreak serve</c> costs beside <c>tiebreak predict</c> on the same battles, and
/// how it answers many callers. The load is made by this process, on the same machine.
/// </summary>
internal static class MeasureServe
{
    private const int BattlesOfRequest = 100;
    private const int Clients = 32;
    private const int Rows = 25_000;
    private const int Rounds = 2;

    private static readonly TimeSpan Span = TimeSpan.FromSeconds(8);

    /// <summary>Measures with a judge.</summary>
    /// <param name="tiebreak">The command.</param>
    /// <param name="judge">The folder of its bundle.</param>
    public static async Task<int> RunAsync(string tiebreak, string judge)
    {
        var folder = Directory.CreateTempSubdirectory("tiebreak-bench-").FullName;
        try
        {
            var file = Path.Combine(folder, "battles.csv");
            SyntheticKaggleFile.Write(file, Rows);
            await MeasureAsync(tiebreak, judge, file);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MeasureAsync(string tiebreak, string judge, string file)
    {
        var battles = BattleSet.Load([file], new BattleReadOptions { Purpose = BattlePurpose.Test }).Battles.Select(Json).ToArray();
        Console.WriteLine($"{battles.Length:N0} synthetic battles of {battles.Average(battle => battle.Length):N0} bytes. "
            + $"{Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}, {DateTime.UtcNow:yyyy-MM-dd}.");
        Console.WriteLine();

        var predict = await PredictAsync(tiebreak, judge, file);
        var started = Stopwatch.StartNew();
        using var server = Start(tiebreak, "serve", "--judge", judge, "--urls", "http://127.0.0.1:0", "--json");
        try
        {
            var url = await ReadUrlAsync(server);
            var ready = started.Elapsed;
            using var http = new HttpClient { BaseAddress = new Uri(url) };
            var cost = await StreamAsync(http, server, battles);
            Console.WriteLine("| | processor time a battle | of predict's |\n|---|---|---|");
            Console.WriteLine($"| `predict`, start and reading included | {1e6 * predict / battles.Length:F0} µs | 1 |");
            Console.WriteLine($"| `serve`, streams of {BattlesOfRequest} battles | {1e6 * cost:F0} µs | {cost * battles.Length / predict:F2} |");
            Console.WriteLine($"\nReady {ready.TotalSeconds:F2} s after the start of the process.\n");

            var full = await CallersAsync(http, battles, Clients, size: 1, Span);
            var half = await PacedAsync(http, battles, full / 2, Span);
            Console.WriteLine($"{Clients} callers with a battle a request: {full:N0} requests/s.");
            Console.WriteLine($"At half of that ({full / 2:N0}/s): median {half.Median:F1} ms, 99th percentile {half.P99:F1} ms.\n");

            Console.WriteLine("| n | n callers with a battle each, battles/s | one caller with n battles, battles/s | ratio |\n|---|---|---|---|");
            for (var n = 1; n <= 64; n *= 2)
            {
                var (many, one) = (new List<double>(), new List<double>());
                for (var round = 0; round < Rounds; round++)
                {
                    many.Add(await CallersAsync(http, battles, n, size: 1, Span / 4));
                    one.Add(await CallersAsync(http, battles, callers: 1, size: n, Span / 4));
                }

                Console.WriteLine($"| {n} | {many.Max():N0} | {one.Max():N0} | {many.Max() / one.Max():F2} |");
            }
        }
        finally
        {
            server.Kill();
        }
    }

    private static async Task<double> PredictAsync(string tiebreak, string judge, string file)
    {
        using var process = Start(tiebreak, "predict", "--judge", judge, "--data", file, "--out", Path.ChangeExtension(file, "submission.csv"));
        _ = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? process.TotalProcessorTime.TotalSeconds
            : throw new InvalidOperationException($"{tiebreak} predict ended with exit code {process.ExitCode}.");
    }

    /// <summary>Seconds of the server's processor time for a battle of a stream; the first pass over the battles warms up.</summary>
    private static async Task<double> StreamAsync(HttpClient http, Process server, byte[][] battles)
    {
        var before = TimeSpan.Zero;
        for (var pass = 0; pass < 2; pass++)
        {
            server.Refresh();
            before = server.TotalProcessorTime;
            foreach (var part in battles.Chunk(BattlesOfRequest))
                await PostAsync(http, [.. part.SelectMany(battle => (byte[])[.. battle, (byte)'\n'])], "application/x-ndjson");
        }

        server.Refresh();
        return (server.TotalProcessorTime - before).TotalSeconds / battles.Length;
    }

    /// <summary>Battles a second, with callers that ask again as soon as they are answered.</summary>
    private static async Task<double> CallersAsync(HttpClient http, byte[][] battles, int callers, int size, TimeSpan span)
    {
        var (clock, answered, next) = (Stopwatch.StartNew(), 0, 0);
        await Task.WhenAll(Enumerable.Range(0, callers).Select(async _ =>
        {
            while (clock.Elapsed < span)
            {
                await PostAsync(http, List(battles, Interlocked.Add(ref next, size), size), "application/json");
                Interlocked.Add(ref answered, size);
            }
        }));
        return answered / clock.Elapsed.TotalSeconds;
    }

    /// <summary>Milliseconds from the time at which a request was due to its answer, so that a slow answer is not hidden by later ones.</summary>
    private static async Task<(double Median, double P99)> PacedAsync(HttpClient http, byte[][] battles, double rate, TimeSpan span)
    {
        var (clock, answers) = (Stopwatch.StartNew(), new List<Task<double>>());
        for (var i = 0; clock.Elapsed < span; i++)
        {
            var due = TimeSpan.FromSeconds(i / rate);
            if (due > clock.Elapsed)
                await Task.Delay(TimeSpan.FromMilliseconds(1));
            if (due <= clock.Elapsed)
                answers.Add(AskAsync(due, List(battles, i, 1)));
            else
                i--;
        }

        var times = (await Task.WhenAll(answers)).Order().ToArray();
        return (times[times.Length / 2], times[(int)(0.99 * times.Length)]);

        async Task<double> AskAsync(TimeSpan due, byte[] body)
        {
            await PostAsync(http, body, "application/json");
            return (clock.Elapsed - due).TotalMilliseconds;
        }
    }

    private static async Task PostAsync(HttpClient http, byte[] body, string mediaType)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        using var response = await http.PostAsync(new Uri("v1/judge", UriKind.Relative), content);
        response.EnsureSuccessStatusCode();
        _ = await response.Content.ReadAsByteArrayAsync();
    }

    private static byte[] List(byte[][] battles, int from, int size) => size == 1
        ? battles[from % battles.Length]
        : [(byte)'[', .. Enumerable.Range(from, size).SelectMany(i => (byte[])[.. battles[i % battles.Length], (byte)',']).SkipLast(1), (byte)']'];

    private static byte[] Json(Battle battle)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
            BattleJson.Write(json, battle);
        return stream.ToArray();
    }

    private static async Task<string> ReadUrlAsync(Process server)
    {
        var text = "";
        while (await server.StandardOutput.ReadLineAsync() is { } line)
        {
            text += line;
            if (line is "}")
                return (string)JsonNode.Parse(text)!["urls"]![0]!;
        }

        throw new InvalidOperationException("The server ended before it was ready.");
    }

    private static Process Start(string tiebreak, params string[] arguments) => Process.Start(
        new ProcessStartInfo(tiebreak, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
}
