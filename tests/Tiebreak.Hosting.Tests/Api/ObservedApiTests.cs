using Microsoft.Extensions.Logging.Abstractions;
using Tiebreak.Core.Battles;
using Tiebreak.Data;
using Tiebreak.Hosting.Server;
using Tiebreak.Testing;

namespace Tiebreak.Hosting.Tests.Api;

/// <summary>What is kept of requests, and how a judge is replaced while it serves.</summary>
public sealed class ObservedApiTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Battles_are_recorded_once_and_can_be_read_as_battles()
    {
        using var folder = new TemporaryFolder();
        await using (var api = await ApiClient.StartAsync(Options(new ScriptedJudge()) with { Record = folder["record.jsonl"] }))
        {
            var battles = """
                {"id": "x", "prompt": "P", "response_a": "a", "response_b": "b"}
                {"prompt": "P", "response_a": "no id", "response_b": "b"}
                {"id": "bad", "prompt": "P"}
                {"id": "y", "prompt": "P", "response_a": "poison", "response_b": "b"}
                """;
            for (var i = 0; i < 3; i++)
                Assert.Equal(4, (await api.PostAsync("/v1/judge", battles, "application/x-ndjson")).Lines.Length);
        }

        var read = BattleSet.Load([folder["record.jsonl"]], new BattleReadOptions { Purpose = BattlePurpose.Test });
        Assert.Equal(["x", ContentKey.Of(read.Battles[1]).ToString()], read.Battles.Select(battle => battle.Id));
    }

    [Fact]
    public async Task Battles_where_a_shadow_differs_are_kept()
    {
        using var folder = new TemporaryFolder();
        var options = Options(new ScriptedJudge()) with { Shadow = ApiClient.Options(), Divergences = folder["divergences.jsonl"] };
        string[] battles =
        [
            .. Enumerable.Range(1, 40).Select(i =>
                $$"""{"id": "{{i}}", "prompt": "P", "response_a": "{{new string('a', i)}}", "response_b": "{{new string('b', 41 - i)}}"}"""),
        ];
        await using (var api = await ApiClient.StartAsync(options))
        {
            await api.PostAsync("/v1/judge", string.Join('\n', battles), "application/x-ndjson");
            while (new FileInfo(folder["divergences.jsonl"]).Length == 0)
                await Task.Delay(TimeSpan.FromMilliseconds(5), Cancellation);
        }

        var read = BattleSet.Load([folder["divergences.jsonl"]], new BattleReadOptions { Purpose = BattlePurpose.Test });
        Assert.InRange(read.Battles.Count, 1, 39);
        Assert.All(read.Battles, battle => Assert.NotEqual(
            battle.Tags!.Single(tag => tag.StartsWith("served ", StringComparison.Ordinal))[7..],
            battle.Tags!.Single(tag => tag.StartsWith("shadow ", StringComparison.Ordinal))[7..]));
    }

    [Fact]
    public async Task A_bundle_is_replaced_without_dropping_a_request()
    {
        using var folder = new TemporaryFolder();
        var fixtures = Path.Combine(Repository.Root, "tests", "fixtures", "format-1");
        Copy(Path.Combine(fixtures, "length"), folder["judge"]);
        var options = Options(judge: null);
        (options.Judge.Judge, options.Judge.ReloadInterval) = (folder["judge"], TimeSpan.FromMilliseconds(20));
        await using var api = await ApiClient.StartAsync(options);

        var first = await VersionAsync(api);
        Directory.Move(folder["judge"], folder["old"]);
        Copy(Path.Combine(fixtures, "feature"), folder["judge"]);

        // Until the other bundle answers, requests are answered by the first.
        while (string.Equals(await VersionAsync(api), first, StringComparison.Ordinal))
            await Task.Delay(TimeSpan.FromMilliseconds(1), Cancellation);
    }

    [Fact]
    public async Task A_damaged_bundle_does_not_replace_a_good_one()
    {
        using var folder = new TemporaryFolder();
        Copy(ApiClient.FeatureBundle, folder["judge"]);
        var options = Options(judge: null);
        (options.Judge.Judge, options.Judge.ReloadInterval) = (folder["judge"], TimeSpan.FromMilliseconds(10));
        await using var api = await ApiClient.StartAsync(options);
        File.WriteAllText(Path.Combine(folder["judge"], "judge.json"), "{}");
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(200, (await api.PostAsync("/v1/judge", """{"prompt": "P", "response_a": "a", "response_b": "b"}""")).Status);
            await Task.Delay(TimeSpan.FromMilliseconds(5), Cancellation);
        }
    }

    private static ApiServerOptions Options(ScriptedJudge? judge) =>
        new() { Judge = ApiClient.Options(judge), LoggerFactory = NullLoggerFactory.Instance };

    private static async Task<string> VersionAsync(ApiClient api)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            api.PostAsync("/v1/judge", """{"prompt": "P", "response_a": "a", "response_b": "b"}""")));
        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        Assert.All(answers, answer => Assert.Null(answer.Json["results"]![0]!["error"]));
        return answers[^1].Headers.GetValues("Tiebreak-Judge").Single();
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }
}
