using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Randomness;
using Tiebreak.Features.FeatureJudges;
using Tiebreak.Hosting.Server;
using Tiebreak.Testing;

namespace Tiebreak.Hosting.Tests.Api;

/// <summary>Many callers at once with every kind of request: each is answered as if it were alone, and nothing of them is kept.</summary>
[Collection(nameof(LoadTests))]
public sealed class LoadTests
{
    private const int Callers = 8;
    private const long MostGrowth = 2_000_000;

    private static readonly IReadOnlyList<Battle> Battles = SyntheticBattles.Create(100, labelled: false);
    private static readonly string[] Json = [.. Battles.Select(JsonOf)];
    private static readonly string Other = Path.Combine(Repository.Root, "tests", "fixtures", "format-1", "feature");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_caller_gets_its_own_answers()
    {
        var defects = new ListLog(LogLevel.Warning);
        await using var api = await ApiClient.StartAsync(new ApiServerOptions { Judge = ApiClient.Options(), LoggerFactory = defects });
        await LoadAsync(api, requests: 60, seed: 1, await ExpectedAsync(ApiClient.FeatureBundle));
        Assert.Empty(defects.Lines);
    }

    [SlowFact]
    public async Task Memory_does_not_grow()
    {
        var expected = await ExpectedAsync(ApiClient.FeatureBundle);
        await using var api = await ApiClient.StartAsync();
        await LoadAsync(api, requests: 500, seed: 1, expected); // code is compiled, pools fill
        var before = LiveBytes();
        await LoadAsync(api, requests: 1500, seed: 2, expected);
        Assert.InRange(LiveBytes() - before, long.MinValue, MostGrowth);
    }

    [Fact]
    public async Task Bundles_are_replaced_and_every_answer_is_that_of_the_bundle_it_names()
    {
        using var folder = new TemporaryFolder();
        folder.Copy(ApiClient.FeatureBundle, "judge");
        folder.Copy(Other, "next");
        var options = ApiClient.Options();
        (options.Judge, options.ReloadInterval) = (folder["judge"], TimeSpan.FromMilliseconds(20));
        await using var api = await ApiClient.StartAsync(
            new ApiServerOptions { Judge = options, LoggerFactory = new ListLog(LogLevel.Warning) });
        var first = await VersionAsync(api);
        using var stop = new CancellationTokenSource();
        var asking = Enumerable.Range(0, Callers).Select(caller => AskUntilAsync(api, caller, stop.Token)).ToList();
        Directory.Move(folder["judge"], folder["old"]);
        Directory.Move(folder["next"], folder["judge"]);
        while (string.Equals(await VersionAsync(api), first, StringComparison.Ordinal))
            await Task.Delay(TimeSpan.FromMilliseconds(1), Cancellation);
        await stop.CancelAsync();

        var expected = new Dictionary<string, Preference[]>(StringComparer.Ordinal)
        {
            [first] = await ExpectedAsync(ApiClient.FeatureBundle),
            [await VersionAsync(api)] = await ExpectedAsync(Other),
        };
        Assert.All((await Task.WhenAll(asking)).SelectMany(answers => answers), answer =>
            Assert.Equal(expected[answer.Version][answer.Place], answer.Preference));
    }

    private static Task LoadAsync(ApiClient api, int requests, ulong seed, Preference[] expected) =>
        Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
        {
            var random = new SeededRandom(seed, stream: (ulong)caller);
            for (var request = 0; request < requests; request++)
                await AskAsync(api, random.Next(10), random.Next(Battles.Count), expected);
        }));

    private static async Task AskAsync(ApiClient api, int kind, int place, Preference[] expected)
    {
        int[] places = [.. Enumerable.Range(place, kind < 5 ? 1 : 20).Select(i => i % Battles.Count)];
        var list = $"[{string.Join(',', places.Select(i => Json[i]))}]";
        switch (kind)
        {
            case 0:
                Assert.Equal("input", (await api.PostAsync("/v1/judge", list[..^2])).Problem);
                break;
            case 1:
                await HangUpAsync(api, list, place);
                break;
            case 2:
                Assert.Equal(200, (await api.PostAsync("/v1/rate", """{"prompt": "P", "responses": ["a", "b b", "c c c"]}""")).Status);
                break;
            case < 7:
                var answer = await api.PostAsync($"/v1/judge?both_orders={(place % 2 == 0 ? "true" : "false")}", list);
                Assert.Equal(places.Select(i => expected[i]), answer.Json["results"]!.AsArray().Select(PreferenceOf));
                break;
            default:
                var lines = string.Join('\n', places.Select(i => Json[i]));
                var streamed = await api.PostAsync("/v1/judge", lines, "application/x-ndjson");
                Assert.Equal(places.Select(i => expected[i]), streamed.Lines.Select(PreferenceOf));
                break;
        }
    }

    private static async Task HangUpAsync(ApiClient api, string json, int milliseconds)
    {
        using var stop = new CancellationTokenSource(milliseconds / 10);
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        try
        {
            using var response = await api.Http.PostAsync("/v1/judge", content, stop.Token);
        }
        catch (OperationCanceledException)
        {
            // As meant.
        }
    }

    private static async Task<List<(string Version, int Place, Preference Preference)>> AskUntilAsync(
        ApiClient api, int caller, CancellationToken stop)
    {
        var answers = new List<(string Version, int Place, Preference Preference)>();
        for (var place = caller; !stop.IsCancellationRequested; place = (place + Callers) % Battles.Count)
        {
            var answer = await api.PostAsync("/v1/judge", Json[place]);
            Assert.Equal(200, answer.Status);
            answers.Add((VersionOf(answer), place, PreferenceOf(answer.Json["results"]![0])));
        }

        return answers;
    }

    private static async Task<Preference[]> ExpectedAsync(string folder)
    {
        var judges = new JudgeRegistry([new FeatureJudgeFormat()]);
        await using var bundle = await Bundle.OpenAsync(folder, judges, cancellationToken: Cancellation);
        return await bundle.Judge.JudgeAsync(Battles, cancellationToken: Cancellation);
    }

    private static async Task<string> VersionAsync(ApiClient api) => VersionOf(await api.PostAsync("/v1/judge", Json[0]));

    private static string VersionOf(ApiAnswer answer) => answer.Headers.GetValues("Tiebreak-Judge").Single();

    private static Preference PreferenceOf(JsonNode? result)
    {
        var json = result!["preference"]!;
        return new Preference((double)json["a"]!, (double)json["b"]!, (double)json["tie"]!);
    }

    private static long LiveBytes()
    {
        for (var i = 0; i < 2; i++)
        {
            // What has a finaliser is gone after the second time.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: false);
    }

    private static string JsonOf(Battle battle)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
            BattleJson.Write(json, battle);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}

/// <summary>Memory is the process's: nothing else runs beside.</summary>
[CollectionDefinition(nameof(LoadTests), DisableParallelization = true)]
public sealed class LoadTestsCollection;
