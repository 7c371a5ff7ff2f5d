using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text.Json;

namespace Tiebreak.Benchmarks;

/// <summary>
/// A minute of load on a service, with every kind of request that callers send: good ones, broken ones, and ones whose caller hangs up.
/// </summary>
internal sealed class SoakLoad
{
    /// <summary>The name under which this runs in a process of its own.</summary>
    public const string Verb = "soak-load";

    private const int Callers = 8;
    private const int Rows = 1000;

    private static readonly TimeSpan Span = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10); // at idle priority others may take all processors

    private readonly JudgeBodies _battles;
    private readonly HttpClient _http;
    private int _requests;

    private SoakLoad(JudgeBodies battles, HttpClient http) => (_battles, _http) = (battles, http);

    /// <summary>Makes the load and prints the number of requests.</summary>
    /// <param name="address">The address of the service.</param>
    /// <param name="minute">Which minute it is; each has battles of its own.</param>
    public static async Task<int> RunAsync(string address, int minute)
    {
        var folder = Directory.CreateTempSubdirectory("tiebreak-bench-").FullName;
        try
        {
            var file = Path.Combine(folder, "battles.csv");
            SyntheticKaggleFile.Write(file, Rows, seed: minute);
            using var http = new HttpClient { BaseAddress = new Uri(address), Timeout = Patience };
            http.DefaultRequestHeaders.Add("Request-Timeout", Patience.TotalSeconds.ToString(CultureInfo.InvariantCulture));
            var load = new SoakLoad(new JudgeBodies(file), http);
            var clock = Stopwatch.StartNew();
            await Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
            {
                var random = new Random((minute * Callers) + caller);
                while (clock.Elapsed < Span)
                {
                    await load.AskAsync(random);
                    Interlocked.Increment(ref load._requests);
                }
            }));
            Console.Write(load._requests);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private Task AskAsync(Random random)
    {
        var place = random.Next(_battles.Count);
        return random.Next(100) switch
        {
            < 50 => PostAsync("v1/judge", _battles.One(place)),
            < 60 => PostAsync("v1/judge", _battles.Lines(place, 100)),
            < 68 => PostAsync("v1/judge?both_orders=true&explain=true", _battles.List(place, 10)),
            < 74 => PostAsync("v1/judge", Packed(_battles.List(place, 20))),
            < 80 => PostAsync("v1/rate", Texts("prompt", "responses", place)),
            < 84 => PostAsync("rerank", Texts("query", "texts", place)),
            < 85 => PostAsync("v1/validate", Labelled(place)),
            < 88 => HangUpAsync(_battles.Lines(place, 100), random),
            < 91 => PostAsync("v1/judge", Broken(_battles.List(place, 5), random), HttpStatusCode.BadRequest),
            < 93 => PostAsync($"v1/{random.Next()}", _battles.One(place), HttpStatusCode.NotFound),
            < 95 => PostAsync("v1/judge?nonsense=true", _battles.One(place), HttpStatusCode.BadRequest),
            < 97 => GetAsync("openapi/v1.json"),
            < 99 => GetAsync("health/ready"),
            _ => GetAsync("metrics"),
        };
    }

    private async Task PostAsync(string path, HttpContent content, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using (content)
        {
            using var response = await _http.PostAsync(new Uri(path, UriKind.Relative), content);
            if (response.StatusCode != expected)
                throw new InvalidOperationException($"{path}: {response.StatusCode}, {await response.Content.ReadAsStringAsync()}");
        }
    }

    private async Task GetAsync(string path)
    {
        using var response = await _http.GetAsync(new Uri(path, UriKind.Relative));
        response.EnsureSuccessStatusCode();
    }

    private async Task HangUpAsync(HttpContent content, Random random)
    {
        using (content)
        using (var stop = new CancellationTokenSource(random.Next(1, 30)))
        {
            try
            {
                using var response = await _http.PostAsync(new Uri("v1/judge", UriKind.Relative), content, stop.Token);
            }
            catch (OperationCanceledException)
            {
                // As meant.
            }
        }
    }

    private ByteArrayContent Texts(string promptKey, string textsKey, int place) => Json(json =>
    {
        json.WriteStartObject();
        json.WriteString(promptKey, _battles.Battles[place].Turns[0].Prompt ?? "");
        json.WriteStartArray(textsKey);
        for (var i = place; i < place + 4; i++)
            json.WriteStringValue(_battles.Battles[i % _battles.Count].Turns[0].ResponseA ?? "");
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private ByteArrayContent Labelled(int place) => Json(json =>
    {
        json.WriteStartArray();
        for (var i = place; i < place + 50; i++)
        {
            var turn = _battles.Battles[i % _battles.Count].Turns[0];
            json.WriteStartObject();
            json.WriteString("prompt", turn.Prompt ?? "");
            json.WriteString("response_a", turn.ResponseA ?? "");
            json.WriteString("response_b", turn.ResponseB ?? "");
            json.WriteString("winner", i % 3 == 0 ? "tie" : i % 3 == 1 ? "model_a" : "model_b");
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static ByteArrayContent Json(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
            write(json);
        return JudgeBodies.Content(stream.ToArray(), "application/json");
    }

    private static ByteArrayContent Packed(ByteArrayContent content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            content.CopyTo(gzip, context: null, CancellationToken.None);
        content.Dispose();
        var json = JudgeBodies.Content(packed.ToArray(), "application/json");
        json.Headers.ContentEncoding.Add("gzip");
        return json;
    }

    // Without its end it is no JSON any more, wherever it is cut.
    private static ByteArrayContent Broken(ByteArrayContent content, Random random)
    {
        using var whole = new MemoryStream();
        content.CopyTo(whole, context: null, CancellationToken.None);
        content.Dispose();
        return JudgeBodies.Content(whole.ToArray()[..random.Next(1, (int)whole.Length - 1)], "application/json");
    }
}
