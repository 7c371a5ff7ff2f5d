using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;

namespace Tiebreak.Benchmarks;

/// <summary>
/// The tables of <c>bench/results/CPU/serve.md</c>: what <c>tiebreak serve</c> costs beside <c>tiebreak predict</c> on the same battles, and
/// how it answers many callers. The load is made by this process, on the same machine.
/// </summary>
internal sealed class MeasureServe
{
    private const int BattlesOfRequest = 100;
    private const int Clients = 32;
    private const int CompetitionRows = 25_000;
    private const double HalfOfGoal = 500; // requests a second
    private const int MostRowsWarm = 2000;
    private const int Rounds = 3;
    private const int Starts = 7;

    private static readonly TimeSpan Span = TimeSpan.FromSeconds(8);
    private static readonly Uri Judge = new("v1/judge", UriKind.Relative);

    private readonly JudgeBodies _battles;
    private readonly ServedCommand _server;
    private readonly HttpClient _http;
    private int _next;

    private MeasureServe(JudgeBodies battles, ServedCommand server, HttpClient http) => (_battles, _server, _http) = (battles, server, http);

    /// <summary>Measures with a judge.</summary>
    /// <param name="tiebreak">The command.</param>
    /// <param name="judge">The folder of its bundle.</param>
    /// <param name="rows">Synthetic battles; a judge that is slow takes fewer.</param>
    public static async Task<int> RunAsync(string tiebreak, string judge, int rows = CompetitionRows)
    {
        var folder = Directory.CreateTempSubdirectory("tiebreak-bench-").FullName;
        try
        {
            var file = Path.Combine(folder, "battles.csv");
            SyntheticKaggleFile.Write(file, rows);
            var battles = new JudgeBodies(file);
            Console.WriteLine($"{battles.Count:N0} synthetic battles of {battles.MeanBytes:N0} bytes. {Environment.ProcessorCount} cores, "
                + $"{RuntimeInformation.FrameworkDescription}, {DateTime.UtcNow:yyyy-MM-dd}.\n");
            string[] predict = ["predict", "--judge", judge, "--data", file, "--out", Path.Combine(folder, "submission.csv")];

            using var server = await ServedCommand.StartAsync(tiebreak, judge);
            using var http = new HttpClient { BaseAddress = server.Address };
            var measure = new MeasureServe(battles, server, http);
            await measure.StreamAsync(Math.Min(rows, MostRowsWarm));
            await measure.CompareWithPredictAsync(() => ServedCommand.RunAsync(tiebreak, predict));
            await TimeStartsAsync(tiebreak, judge);
            var speed = await measure.AskManyAsync();
            await measure.CompareSizesAsync();

            // A slower judge does not empty a full queue in the time of a request.
            if (speed > HalfOfGoal)
                await measure.OverloadAsync();
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task TimeStartsAsync(string tiebreak, string judge)
    {
        var (clock, processor) = (new List<double>(), new List<double>());
        for (var start = 0; start < Starts; start++)
        {
            using var server = await ServedCommand.StartAsync(tiebreak, judge);
            clock.Add(server.ReadyAfter.TotalSeconds);
            processor.Add(server.ProcessorTime().TotalSeconds);
        }

        Console.WriteLine($"Ready after {clock.Min():F2} s (best), {Median(clock):F2} s (median of {Starts} starts), with {Median(processor):F2} s "
            + "of processor time.\n");
    }

    /// <summary>Streams of all battles and predictions of the same, by turns.</summary>
    private async Task CompareWithPredictAsync(Func<Task<TimeSpan>> predict)
    {
        var (predicted, streamed) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            predicted.Add((await predict()).TotalMicroseconds / _battles.Count);
            streamed.Add((await StreamAsync(_battles.Count)).TotalMicroseconds / _battles.Count);
        }

        Console.WriteLine($"| processor time a battle, {Rounds} rounds by turns | best | median | of predict's (medians) |\n|---|---|---|---|");
        Console.WriteLine($"| `predict`, start and reading included | {predicted.Min():F0} µs | {Median(predicted):F0} µs | 1 |");
        Console.WriteLine($"| `serve`, requests of {BattlesOfRequest} lines | {streamed.Min():F0} µs | {Median(streamed):F0} µs "
            + $"| {Median(streamed) / Median(predicted):F2} |\n");
    }

    /// <summary>The server's processor time for so many battles in streams.</summary>
    private async Task<TimeSpan> StreamAsync(int battles)
    {
        var before = _server.ProcessorTime();
        for (var place = 0; place < battles; place += BattlesOfRequest)
            await PostAsync(_battles.Lines(place, Math.Min(BattlesOfRequest, battles - place)));
        return _server.ProcessorTime() - before;
    }

    /// <returns>Requests a second.</returns>
    private async Task<double> AskManyAsync()
    {
        await CallersAsync(Clients, size: 1, Span / 4);
        var own = Environment.CpuUsage.TotalTime;
        var full = await CallersAsync(Clients, size: 1, Span);
        own = Environment.CpuUsage.TotalTime - own;
        Console.WriteLine($"{Clients} callers with a battle a request: {full.Speed:N0} requests/s; a request costs the server {full.Cost:F0} µs "
            + $"of processor time and the callers {own.TotalMicroseconds / (full.Speed * Span.TotalSeconds):F0} µs.");
        foreach (var rate in new[] { HalfOfGoal, full.Speed / 2 }.Where(rate => rate < full.Speed))
        {
            var (median, late) = await PacedAsync(rate, Span);
            Console.WriteLine($"At {rate:N0} requests/s: median {median:F1} ms, 99th percentile {late:F1} ms.");
        }

        Console.WriteLine();
        return full.Speed;
    }

    private async Task CompareSizesAsync()
    {
        Console.WriteLine("| n | n callers with a battle each, battles/s | one caller with n battles, battles/s | ratio "
            + "| the server's processor time a battle: n callers | one caller | ratio |\n|---|---|---|---|---|---|---|");
        for (var n = 1; n <= 64; n *= 2)
        {
            var (many, one) = (new List<Load>(), new List<Load>());
            for (var round = 0; round < Rounds; round++)
            {
                many.Add(await CallersAsync(n, size: 1, Span / 4));
                one.Add(await CallersAsync(callers: 1, size: n, Span / 4));
            }

            var speeds = (Median(many.ConvertAll(load => load.Speed)), Median(one.ConvertAll(load => load.Speed)));
            var costs = (Median(many.ConvertAll(load => load.Cost)), Median(one.ConvertAll(load => load.Cost)));
            Console.WriteLine($"| {n} | {speeds.Item1:N0} | {speeds.Item2:N0} | {speeds.Item1 / speeds.Item2:F2} "
                + $"| {costs.Item1:F0} µs | {costs.Item2:F0} µs | {costs.Item2 / costs.Item1:F2} |");
        }

        Console.WriteLine();
    }

    /// <summary>More callers with lists than the queue holds; then one battle, when they have gone.</summary>
    private async Task OverloadAsync()
    {
        const int callers = 60, size = 100;
        var (answered, refused) = (0, new List<double>());
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(async _ =>
        {
            while (clock.Elapsed < Span)
            {
                using var content = _battles.List(Interlocked.Add(ref _next, size), size);
                var asked = clock.Elapsed;
                using var response = await _http.PostAsync(Judge, content);
                if (response.StatusCode is not HttpStatusCode.TooManyRequests)
                {
                    response.EnsureSuccessStatusCode();
                    Interlocked.Increment(ref answered);
                    continue;
                }

                if (response.Headers.RetryAfter?.Delta is null)
                    throw new InvalidOperationException("An answer with status 429 has no Retry-After.");
                lock (refused)
                    refused.Add((clock.Elapsed - asked).TotalMilliseconds);
                await Task.Delay(TimeSpan.FromMilliseconds(100)); // a caller that does not wait as long as it should
            }
        }));

        var recovering = Stopwatch.StartNew();
        await PostAsync(_battles.One(0));
        Console.WriteLine($"{callers} callers with lists of {size}, more than the queue holds, for {Span.TotalSeconds:N0} s: {answered} lists "
            + $"answered, {refused.Count} refused with 429 after {Median(refused):F1} ms (median). When the callers have gone, one battle takes "
            + $"{recovering.Elapsed.TotalMilliseconds:F1} ms.");
    }

    /// <summary>Callers that ask again as soon as they are answered.</summary>
    private async Task<Load> CallersAsync(int callers, int size, TimeSpan span)
    {
        var before = _server.ProcessorTime();
        var (clock, answered) = (Stopwatch.StartNew(), 0);
        await Task.WhenAll(Enumerable.Range(0, callers).Select(async _ =>
        {
            while (clock.Elapsed < span)
            {
                var place = Interlocked.Add(ref _next, size);
                await PostAsync(size == 1 ? _battles.One(place) : _battles.List(place, size));
                Interlocked.Add(ref answered, size);
            }
        }));
        return new Load(answered / clock.Elapsed.TotalSeconds, (_server.ProcessorTime() - before).TotalMicroseconds / answered);
    }

    /// <summary>Milliseconds from the time at which a request was due to its answer, so that a slow answer is not hidden by later ones.</summary>
    private async Task<(double Median, double P99)> PacedAsync(double rate, TimeSpan span)
    {
        var (clock, answers) = (Stopwatch.StartNew(), new List<Task<double>>());
        while (clock.Elapsed < span)
        {
            var due = TimeSpan.FromSeconds(answers.Count / rate);
            if (due <= clock.Elapsed)
                answers.Add(AskAsync(due));
            else
                await Task.Delay(TimeSpan.FromMilliseconds(1));
        }

        var times = (await Task.WhenAll(answers)).Order().ToArray();
        return (times[times.Length / 2], times[(int)(0.99 * times.Length)]);

        async Task<double> AskAsync(TimeSpan due)
        {
            await PostAsync(_battles.One(Interlocked.Increment(ref _next)));
            return (clock.Elapsed - due).TotalMilliseconds;
        }
    }

    private async Task PostAsync(HttpContent content)
    {
        using (content)
        {
            using var response = await _http.PostAsync(Judge, content);
            response.EnsureSuccessStatusCode();
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAtOrDefault(values.Count / 2);

    /// <summary>How a service did.</summary>
    /// <param name="Speed">Battles a second.</param>
    /// <param name="Cost">The server's processor time for a battle, in microseconds.</param>
    private sealed record Load(double Speed, double Cost);
}
