using System.Text.Json.Nodes;
using Tiebreak.Core;
using Tiebreak.Runs.Planning;

namespace Tiebreak.Runs.Tests;

/// <summary>What may change between the beginning of a run and its resumption, and what may not.</summary>
public sealed class ResumeTests
{
    [Fact]
    public async Task Files_that_have_moved_are_where_the_resumed_run_says_they_are()
    {
        using var fixture = new RunFixture();
        await RunFixture.RunAsync(fixture.Request(new TestJudge().ForRun(new TestJudge())));
        File.Copy(fixture["battles.jsonl"], fixture["moved.jsonl"]);
        var request = fixture.Request(
            new TestJudge().ForRun(new TestJudge()) with { Path = "/moved/judge", FallbackPath = "/moved/fallback" });

        await RunFixture.RunAsync(request with { Resume = true, DataPath = fixture["moved.jsonl"] });

        var manifest = ScoringRun.ReadManifest(fixture["run"]);
        Assert.Equal(
            (fixture["moved.jsonl"], "/moved/judge", "/moved/fallback"), (manifest.DataPath, manifest.JudgePath, manifest.FallbackPath));
    }

    [Theory]
    [InlineData(".NET", ".NET 10.0.99", null)] // a patch
    [InlineData(".NET", ".NET 9.0.1", ".NET was .NET 9.0.1")]
    [InlineData("Tiebreak", "0.1.0", null)] // written by a build without a commit
    [InlineData("Tiebreak", "0.1.0+0123456789", "Tiebreak was 0.1.0+0123456789")]
    [InlineData("Tiebreak", "0.0.9", "Tiebreak was 0.0.9")]
    public async Task Another_build_of_Tiebreak_is_refused_and_a_patch_of_NET_is_not(string what, string version, string? refusal)
    {
        using var fixture = new RunFixture();
        await RunFixture.RunAsync(fixture.Request(new TestJudge().ForRun()));
        var path = Path.Combine(fixture["run"], RunManifest.FileName);
        var manifest = JsonNode.Parse(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken))!;
        manifest["versions"]![what] = version;
        await File.WriteAllTextAsync(path, manifest.ToJsonString(), TestContext.Current.CancellationToken);

        var resumed = RunFixture.RunAsync(fixture.Request(new TestJudge().ForRun()) with { Resume = true });

        if (refusal is null)
            Assert.True((await resumed).IsComplete);
        else
            Assert.Contains(refusal, (await Assert.ThrowsAsync<InputException>(() => resumed)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_judge_that_fails_on_the_whole_sample_is_reported_and_shards_keep_their_size()
    {
        using var fixture = new RunFixture();
        var said = new List<string>();
        var broken = new TestJudge { Before = _ => throw new InvalidDataException("the library is gone") };
        var request = fixture.Request(broken.ForRun()) with
        {
            Deadline = DateTimeOffset.UtcNow + TimeSpan.FromHours(1),
            ShardSize = null,
            Say = said.Add,
        };

        await Assert.ThrowsAsync<TiebreakException>(() => RunFixture.RunAsync(request));

        Assert.Contains("the library is gone", said[0], StringComparison.Ordinal);
        Assert.Equal(ShardSize.Standard, ScoringRun.ReadManifest(fixture["run"]).ShardSize);
    }
}
