using System.Globalization;
using CsCheck;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Data.Cleaning;
using static Tiebreak.Data.Tests.BattleGen;

namespace Tiebreak.Data.Tests.Cleaning;

public sealed class CleanerTests
{
    [Theory]
    [InlineData("both-empty", null, " ", Verdict.A, null)]
    [InlineData("both-empty", "x", null, Verdict.A, Verdict.A)]
    [InlineData("identical-tie", "same", "same ", Verdict.A, Verdict.Tie)]
    [InlineData("identical-tie", "same", "same", Verdict.BothBad, Verdict.BothBad)]
    [InlineData("identical-tie", "same", "other", Verdict.A, Verdict.A)]
    [InlineData("identical-drop", "same", "same", Verdict.B, null)]
    [InlineData("identical-drop", "same", "same", Verdict.Tie, Verdict.Tie)]
    [InlineData("one-empty-drop", "", "text", Verdict.A, null)]
    [InlineData("one-empty-drop", "", "", Verdict.A, Verdict.A)]
    [InlineData("one-empty-relabel", "", "text", Verdict.A, Verdict.B)]
    [InlineData("one-empty-relabel", "text", null, Verdict.Tie, Verdict.A)]
    [InlineData("one-empty-relabel", "text", null, Verdict.A, Verdict.A)]
    [InlineData("identity-leak", "I am Claude.", "text", Verdict.A, null)]
    [InlineData("identity-leak", "Claude Monet painted.", "text", Verdict.A, Verdict.A)]
    [InlineData("both-refuse", "I can't help with that.", "I'm unable to do so.", Verdict.A, null)]
    [InlineData("both-refuse", "I can't help with that.", "Sure!", Verdict.A, Verdict.A)]
    [InlineData("broken-unicode", "a \uFFFD b", "text", Verdict.A, null)]
    [InlineData("broken-unicode", "a \U0001F600 b", "text", Verdict.A, Verdict.A)]
    public void Each_rule_does_what_its_name_says(string rule, string? a, string? b, Verdict verdict, Verdict? expected)
    {
        var report = Cleaner.Clean([Battle("7", "p", a, b, verdict)], [CleaningRule.Named(rule)]);

        Assert.Equal(expected, report.Battles.SingleOrDefault()?.Verdict);
        var outcome = Assert.Single(report.Rules);
        Assert.Equal(rule, outcome.Rule.Name);
        if (expected == verdict)
        {
            Assert.Empty(outcome.Touched);
        }
        else
        {
            Assert.Equal(
                ("7", expected is null ? CleaningAction.Dropped : CleaningAction.Relabelled),
                (outcome.Touched[0].Id, outcome.Touched[0].Action));
        }
    }

    [Fact]
    public void Half_a_surrogate_pair_is_broken() =>
        Assert.Empty(Cleaner.Clean([Battle("7", "p", "a\uD83D", "b")], [CleaningRule.Named("broken-unicode")]).Battles);

    [Fact]
    public void Blank_prompts_are_dropped() =>
        Assert.Empty(Cleaner.Clean([Battle("7", " ", "a", "b")], [CleaningRule.Named("blank-prompt")]).Battles);

    [Fact]
    public void Unlabelled_battles_get_no_label() => Assert.Null(Cleaner.Clean([Battle("7", "p", "a", "a")]).Battles[0].Verdict);

    [Fact]
    public void Frequent_prompts_are_sampled_down_to_the_percentile()
    {
        // 30,000 prompts: the three most frequent are above the 99.99th percentile, whose count is 2.
        var battles = Enumerable.Range(0, 30_000).Select(i => Battle($"{i}", $"prompt {i}", "a", "b"))
            .Concat(Enumerable.Range(0, 500).Select(i => Battle($"h{i}", i % 2 == 0 ? "Hello!" : "hello", "a", $"b{i}")))
            .Concat(Enumerable.Range(0, 5).Select(i => Battle($"r{i}", "prompt 7", "a", $"b{i}")))
            .Concat(Enumerable.Range(0, 4).Select(i => Battle($"s{i}", "prompt 8", "a", $"b{i}")))
            .Append(Battle("x", "prompt 9", "a", "c")).ToArray();

        var report = Cleaner.Clean(battles, [CleaningRule.Named("frequent-prompt")]);

        Assert.Equal(2, report.Battles.Count(battle => battle.Id[0] == 'h'));
        Assert.Equal(498 + 4 + 3, report.Rules[0].Dropped);
        Assert.Empty(Cleaner.Clean(report.Battles, [CleaningRule.Named("frequent-prompt")]).Rules[0].Touched);
    }

    [Fact]
    public void Cleaning_twice_is_cleaning_once_and_every_change_is_reported() =>
        Gen.Select(Sets, Gen.Int[0, (1 << CleaningRule.All.Count) - 1]).Sample((battles, chosen) =>
        {
            var rules = CleaningRule.All.Where((_, i) => (chosen >> i & 1) == 1).ToArray();
            var once = Cleaner.Clean(battles, rules);
            var twice = Cleaner.Clean(once.Battles, rules);

            Assert.All(twice.Rules, outcome => Assert.Empty(outcome.Touched));
            Assert.Equal(battles.Length - once.Battles.Count, once.Rules.Sum(outcome => outcome.Dropped));
            var relabelled = once.Rules.SelectMany(outcome => outcome.Touched).Where(touched => touched.Action is CleaningAction.Relabelled)
                .Select(touched => touched.Id).ToHashSet();
            Assert.All(once.Battles, battle => Assert.True(
                ReferenceEquals(battle, battles[int.Parse(battle.Id, CultureInfo.InvariantCulture)]) || relabelled.Contains(battle.Id)));
        }, iter: 500);

    [Fact]
    public void An_unknown_rule_is_refused_with_the_names() =>
        Assert.Contains("identical-tie", Assert.Throws<InputException>(() => CleaningRule.Named("tidy")).Message);
}
