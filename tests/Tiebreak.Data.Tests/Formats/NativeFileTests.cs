using Tiebreak.Core.Battles;
using Tiebreak.Testing;

namespace Tiebreak.Data.Tests.Formats;

/// <summary>Public sets in their own layouts agree with the same rows in Tiebreak's, where both lie beside the checkout.</summary>
public sealed class NativeFileTests
{
    [Fact]
    public void Autoj_agrees_row_by_row()
    {
        var (native, other) = Load("autoj_testdata_pairwise.jsonl.gz", "autoj_pairwise.jsonl.gz");

        Assert.Equal(1392, native.Count);
        Assert.Equal(other.Select(battle => battle.Turns), native.Select(battle => battle.Turns));
        Assert.Equal(other.Select(battle => battle.Verdict), native.Select(battle => battle.Verdict));
    }

    [Fact]
    public void PandaLm_agrees_row_by_row()
    {
        var (native, other) = Load("pandalm_testset.json", "pandalm_test.jsonl.gz");

        Assert.Equal(999, native.Count);
        Assert.Equal(other.Select(battle => battle.Turns), native.Select(battle => battle.Turns));
        Assert.Equal(other.Select(battle => battle.Verdict), native.Select(battle => battle.Verdict));
        Assert.Equal(other.Select(battle => (battle.ModelA, battle.ModelB)), native.Select(battle => (battle.ModelA, battle.ModelB)));
        Assert.Equal(other.Select(battle => battle.Annotators!), native.Select(battle => battle.Annotators!));
        Assert.Equal("0", native[0].Id);
    }

    [Fact]
    public void Hh_rlhf_agrees_row_by_row_but_for_the_sides()
    {
        var (native, other) = Load("hh_rlhf_harmless_test.jsonl.gz", "hh_harmless_test.jsonl.gz");

        Assert.Equal(2312, native.Count);
        Assert.Equal(other.Select(ChosenOf), native.Select(ChosenOf));
        Assert.Equal(other.Select(RejectedOf), native.Select(RejectedOf));
        Assert.InRange(native.Count(battle => battle.Verdict == Verdict.A), 1060, 1250);
    }

    private static string ChosenOf(Battle battle) => Side(battle, isA: battle.Verdict == Verdict.A);

    private static string RejectedOf(Battle battle) => Side(battle, isA: battle.Verdict == Verdict.B);

    private static string Side(Battle battle, bool isA) =>
        string.Join(" | ", battle.Turns.Select(turn => $"{turn.Prompt} > {(isA ? turn.ResponseA : turn.ResponseB)}"));

    private static (IReadOnlyList<Battle> Native, IReadOnlyList<Battle> Other) Load(string native, string other)
    {
        var set = BattleSet.Load([Repository.Shared("real", "formats", native)], DataFolder.Train);
        Assert.Empty(set.Problems);
        return (set.Battles, BattleSet.Load([Repository.Shared("real", "battles", other)], DataFolder.Train).Battles);
    }
}
