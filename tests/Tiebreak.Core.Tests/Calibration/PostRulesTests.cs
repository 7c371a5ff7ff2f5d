using Tiebreak.Core.Battles;
using Tiebreak.Core.Calibration;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Metrics;

namespace Tiebreak.Core.Tests.Calibration;

/// <summary>Special cases whose verdicts were planted: the judge knows nothing of them.</summary>
public sealed class PostRulesTests
{
    private static readonly Turn Identical = new("p", "same", "same");

    [Fact]
    public void Planted_cases_are_learned_and_lower_the_loss_out_of_fold()
    {
        // Every fourth battle has an empty side, which always loses; every fourth has identical responses and is a tie.
        var battles = Enumerable.Range(0, 400).Select(i => (i % 4) switch
        {
            0 => Of(i, new Turn("p", i % 8 == 0 ? "" : "text", i % 8 == 0 ? "text" : null), i % 8 == 0 ? Verdict.B : Verdict.A),
            1 => Of(i, Identical, Verdict.Tie),
            _ => Of(i, new Turn("p", "one", "other"), (Verdict)(i % 3)),
        });
        var labelled = new LabelledBattles([.. battles]);
        Preference[] unknowing = [.. Enumerable.Repeat(Preference.Uniform, 400)];
        int[] folds = [.. Enumerable.Range(0, 400).Select(i => i / 8 % 5)];
        var calibrator = new Calibrator(CalibrationMethod.None, WithPostRules: true);

        var losses = LogLoss.PerRow(calibrator.CrossFit(unknowing, labelled, folds, 5), labelled.Targets);
        Assert.All(Enumerable.Range(0, 400).Where(i => i % 4 < 2), i => Assert.True(losses[i] < 0.2, $"row {i}: {losses[i]}"));
        Assert.All(Enumerable.Range(0, 400).Where(i => i % 4 >= 2), i => Assert.Equal(Math.Log(3), losses[i], 9));

        var rules = Assert.IsType<PostRules>(Assert.Single(calibrator.Fit(unknowing, labelled)));
        Assert.Equal([(SpecialCase.OneEmpty, 100), (SpecialCase.Identical, 100)], rules.Rules.Select(rule => (rule.Case, rule.Rows)));
        Assert.Equal(1, rules.Rules[0].Shares.B);
    }

    [Fact]
    public void A_case_seen_once_changes_little()
    {
        var rules = PostRules.Fit(new LabelledBattles([Of(0, Identical, Verdict.Tie)]));
        var before = new Preference(0.4, 0.4, 0.2);
        Assert.InRange(rules.Apply(before, Of(1, Identical, null)).Tie, 0.2, 0.25);
        Assert.Equal(before, rules.Apply(before, Of(1, new Turn("p", "one", "other"), null)));
        Assert.Equal(before, rules.Apply(before, Of(1, new Turn("p", "", "other"), null))); // a case that was never seen
    }

    [Fact]
    public void Identical_and_empty_responses_have_no_sides()
    {
        var rules = PostRules.Fit(new LabelledBattles([.. Enumerable.Range(0, 30)
            .Select(i => Of(i, i % 2 == 0 ? Identical : new Turn("p", null, " "), Verdict.A))]));
        Assert.Equal([SpecialCase.BothEmpty, SpecialCase.Identical], rules.Rules.Select(rule => rule.Case));
        Assert.All(rules.Rules, rule => Assert.Equal(0.5, rule.Shares.A));
    }

    private static Battle Of(int id, Turn turn, Verdict? verdict) =>
        new() { Id = $"{id}", Turns = [turn with { Prompt = $"p{id}" }], Verdict = verdict };
}
