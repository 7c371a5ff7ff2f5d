using CsCheck;
using Tiebreak.Core.Battles;
using Tiebreak.Data.Deduplication;
using Tiebreak.Testing;
using static Tiebreak.Data.Tests.BattleGen;

namespace Tiebreak.Data.Tests.Deduplication;

public sealed class DeduplicatorTests
{
    private static readonly DeduplicationOptions Exact = new() { Match = DuplicateMatch.Exact };
    private static readonly DeduplicationOptions Normalised = new();
    private static readonly DeduplicationOptions Near = new() { Match = DuplicateMatch.Near };
    private static readonly DeduplicationOptions NearPrompt = new() { Match = DuplicateMatch.Near, Scope = DuplicateScope.Prompt };

    [Fact]
    public void Exact_duplicates_have_the_same_texts_on_the_same_or_on_exchanged_sides()
    {
        var report = Deduplicator.Within(
            [
                Battle("1", "p", "a", "b"),
                Battle("2", "p", "a", "b"),
                Battle("3", "p", "b", "a"),
                Battle("4", "P", "a", "b"),
                Battle("5", "p", "a", null),
                Battle("6", "p", "a", ""),
            ],
            Exact);

        Assert.Equal(["1", "4", "5", "6"], report.Kept.Ids());
        var group = Assert.Single(report.Groups);
        Assert.Equal(
            [("2", false, 1.0), ("3", true, 1.0)], group.Duplicates.Select(found => (found.Battle.Id, found.Swapped, found.Similarity)));
        Assert.Equal(2, report.Removed);
    }

    [Fact]
    public void Normalised_duplicates_differ_in_case_punctuation_and_space_only() =>
        Assert.Equal(["1", "3"], Deduplicator.Within(
            [
                Battle("1", "Hello, there", "Yes.", "No"),
                Battle("2", "hello there!", " yes", "NO!"),
                Battle("3", "hello there 2", "yes", "no"),
            ],
            Normalised).Kept.Ids());

    [Fact]
    public void Near_duplicates_are_found_on_exchanged_sides_too()
    {
        var (a, b) = (Words(0, 60), Words(100, 60));
        var report = Deduplicator.Within(
            [
                Battle("1", "What?", a, b),
                Battle("2", "What?", a + " more", b),
                Battle("3", "What?", b, a + " still more"),
                Battle("4", "What?", a, Words(300, 60)),
            ],
            Near);

        Assert.Equal(["1", "4"], report.Kept.Ids());
        Assert.Equal([("2", false), ("3", true)], report.Groups[0].Duplicates.Select(found => (found.Battle.Id, found.Swapped)));
        Assert.All(report.Groups[0].Duplicates, found => Assert.InRange(found.Similarity, 0.8, 0.999));
    }

    [Fact]
    public void Near_prompts_may_have_any_responses() =>
        Assert.Equal(["1", "3"], Deduplicator.Within(
            [
                Battle("1", "Write a short story about a dragon that cannot fly any more", "x", "y"),
                Battle("2", "write a short story about a dragon that cannot fly anymore!", "v", "w"),
                Battle("3", "Write a poem about the sea", "x", "y"),
            ],
            NearPrompt).Kept.Ids());

    [Fact]
    public void The_first_labelled_one_can_be_kept() =>
        Assert.Equal(["2"], Deduplicator.Within(
            [Battle("1", "p", "a", "b"), Battle("2", "p", "a", "b", Verdict.A), Battle("3", "p", "a", "b", Verdict.B)],
            Exact with { Keep = DuplicateKeep.Labelled }).Kept.Ids());

    [Fact]
    public void Disagreements_are_counted_with_the_sides_as_they_correspond()
    {
        var report = Deduplicator.Within(
            [
                Battle("1", "p", "a", "b", Verdict.A),
                Battle("2", "p", "b", "a", Verdict.B),
                Battle("3", "p", "a", "b", Verdict.B),
                Battle("4", "p", "a", "b"),
            ],
            Exact);
        Assert.Equal(1, report.Groups[0].Disagreements);
    }

    [Fact]
    public void Training_rows_that_leak_into_a_test_are_found()
    {
        var report = Deduplicator.Across(
            [Battle("1", "p", "a", "b"), Battle("2", "q", "a", "b"), Battle("3", "q", "a", "b")],
            [Battle("t1", "p", "b", "a"), Battle("t2", "r", "a", "b")], Exact);

        Assert.Equal(["2", "3"], report.Kept.Ids());
        Assert.Equal(
            ("t1", "1", true),
            (report.Groups[0].Kept.Id, report.Groups[0].Duplicates[0].Battle.Id, report.Groups[0].Duplicates[0].Swapped));
    }

    [Fact]
    public void Nothing_is_lost_and_a_second_time_finds_nothing() => Sets.Sample(battles =>
    {
        foreach (var options in (DeduplicationOptions[])[Exact, Normalised, Near, NearPrompt])
        {
            var report = Deduplicator.Within(battles, options);
            Assert.Equal(battles.Length, report.Kept.Count + report.Removed);
            Assert.Equal(
                battles.Ids().Order(),
                report.Kept.Concat(report.Groups.SelectMany(group => group.Duplicates.Select(found => found.Battle))).Ids().Order());
            Assert.Empty(Deduplicator.Within(report.Kept, options).Groups);
        }
    }, iter: 200);

    [Fact]
    public void Swapping_a_battle_changes_nothing() => Sets.Sample(battles =>
    {
        foreach (var options in (DeduplicationOptions[])[Exact, Normalised, Near])
        {
            var swapped = battles.Select((battle, i) => i % 2 == 0 ? battle : battle.Swapped()).ToArray();
            Assert.Equal(Deduplicator.Within(battles, options).Kept.Ids(), Deduplicator.Within(swapped, options).Kept.Ids());
        }
    }, iter: 200);

    [Fact]
    public void Real_prompts_that_stand_in_several_sets_are_found()
    {
        var train = BattleSet.Load([Repository.Shared("real", "battles", "mtbench_human.jsonl.gz")], DataFolder.Train).Battles;
        var test = BattleSet.Load(
            [Repository.Shared("real", "battles", "llm_labelled_mtbench_gpt4pair.jsonl.gz")], DataFolder.Train).Battles;

        Assert.True(Deduplicator.Across(train, test, NearPrompt).Kept.Count < train.Count / 10); // the same 80 questions
    }

    private static string Words(int first, int count) => string.Join(' ', Enumerable.Range(first, count).Select(i => $"w{i}"));
}
