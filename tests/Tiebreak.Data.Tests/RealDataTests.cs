using Tiebreak.Core.Battles;
using Tiebreak.Testing;

namespace Tiebreak.Data.Tests;

/// <summary>Real votes, where they lie beside the checkout.</summary>
public sealed class RealDataTests
{
    [Fact]
    public void The_head_of_the_competitions_data_has_no_problem()
    {
        var set = BattleSet.Load([Repository.Shared("real", "kaggle", "train_head.csv")], DataFolder.Train);

        Assert.Equal(999, set.Battles.Count);
        Assert.Empty(set.Problems);
        Assert.Equal(868, set.Battles.Count(battle => battle.Turns.Count == 1));
        Assert.Equal(
            4,
            set.Battles.Count(battle => battle.Turns.Any(turn => turn.Prompt is null || turn.ResponseA is null || turn.ResponseB is null)));
        Assert.Equal("30192", set.Battles[0].Id);
        Assert.All(set.Battles, battle => Assert.NotNull(battle.Verdict));
    }

    [Fact]
    public void The_competitions_test_data_is_read()
    {
        var set = BattleSet.Load([Repository.Shared("real", "kaggle", "test.csv")], DataFolder.Test);

        Assert.Equal(["136060", "211333", "1233961"], set.Battles.Select(battle => battle.Id));
        Assert.Empty(set.Problems);
    }

    [Theory]
    [InlineData("arena_llama3_70b", 1415)]
    [InlineData("autoj_pairwise", 1392)]
    [InlineData("mtbench_human", 1751)]
    [InlineData("qlora_vicuna80_human", 2560)]
    [InlineData("pandalm_test", 999)]
    [InlineData("llmfao_crowd", 2139)]
    [InlineData("rulm_sbs_ru", 1606)]
    [InlineData("hh_harmless_test", 2312)]
    [InlineData("llm_labelled_mtbench_gpt4pair", 1240)]
    public void Every_other_source_is_read_without_loss(string source, int rows)
    {
        var path = Repository.Shared("real", "battles", source + ".jsonl.gz");
        using var folder = new TemporaryFolder();

        var set = BattleSet.Load([path], DataFolder.Train);
        BattleWriter.WriteKaggleTrain(folder["copy.csv"], set.Battles);
        var copy = BattleReader.Read(folder["copy.csv"], DataFolder.Train).Select(row => row.Battle!).ToList();

        Assert.Equal(rows, set.Battles.Count);
        Assert.Empty(set.Problems);
        Assert.Equal(set.Battles.Select(battle => battle.Turns), copy.Select(battle => battle.Turns));
        Assert.Equal(
            set.Battles.Select(battle => battle.Verdict!.Value.ToOutcome()), copy.Select(battle => battle.Verdict!.Value.ToOutcome()));
    }
}
