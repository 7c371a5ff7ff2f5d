using Tiebreak.Core.Battles;
using Tiebreak.Testing;

namespace Tiebreak.Data.Tests.Formats;

/// <summary>Judge benchmarks in their own files, where they lie beside the checkout.</summary>
public sealed class BenchmarkFileTests
{
    [Theory]
    [InlineData("judgebench_claude-3-5-sonnet-20240620.jsonl.gz", 270)]
    [InlineData("judgebench_gpt-4o-2024-05-13.jsonl.gz", 350)]
    public void JudgeBench_is_read_whole(string file, int rows)
    {
        var battles = Load(file);

        Assert.Equal(rows, battles.Count);
        Assert.All(battles, battle => Assert.True(battle.Verdict is Verdict.A or Verdict.B && battle.Turns[0].ResponseB is not null));
    }

    [Theory]
    [InlineData("rmbench_chat.json.gz", 129)]
    [InlineData("rmbench_code.json.gz", 228)]
    [InlineData("rmbench_safety-refuse.json.gz", 284)]
    [InlineData("rmbench_safety-response.json.gz", 157)]
    public void RM_Bench_is_read_whole(string file, int rows)
    {
        var battles = Load(file);

        Assert.Equal(9 * rows, battles.Count);
        Assert.Equal(3 * rows, battles.Count(battle => battle.Tags!.Contains("hard", StringComparer.Ordinal)));
        Assert.All(battles, battle => Assert.NotNull(battle.Turns[^1].Prompt));
    }

    private static IReadOnlyList<Battle> Load(string file)
    {
        var set = BattleSet.Load([Repository.Shared("real", "benchmarks", file)], DataFolder.Train);
        Assert.Empty(set.Problems);
        return set.Battles;
    }
}
