using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Testing;

namespace Tiebreak.Core.Tests.Evaluation;

public sealed class EvaluatorTests
{
    [Fact]
    public void A_hand_made_case_has_the_metrics_worked_out_by_hand()
    {
        var labelled = new LabelledBattles([Battle("1", Verdict.A), Battle("2", Verdict.B), Battle("3", Verdict.BothBad)]);
        Preference[] predicted = [new(0.5, 0.25, 0.25), new(0.5, 0.25, 0.25), new(0.2, 0.2, 0.6)];

        var result = Evaluator.Evaluate(predicted, labelled);

        Assert.Equal((Math.Log(2) + Math.Log(4) - Math.Log(0.6)) / 3, result.LogLoss, 12);
        Assert.Equal(2.0 / 3, result.Accuracy, 12);
        Assert.Equal((0.375 + 0.875 + 0.24) / 3, result.Brier, 12);
        Assert.Equal(-Math.Log(0.6), result.LogLossByOutcome[Outcome.Tie], 12);
        Assert.Equal(1, result.Confusion[Outcome.B, Outcome.A]);
        Assert.Equal(3, result.Prompts);
    }

    [Fact]
    public void Metrics_do_not_depend_on_the_order_of_rows()
    {
        var battles = SyntheticBattles.Create(120);
        Preference[] predicted = [.. battles.Select((_, i) => Preference.FromScores(i % 7 * 0.1, i % 5 * 0.1, 0))];
        int[] order = [.. Enumerable.Range(0, 120).OrderBy(i => i * 37 % 120)];

        var one = Evaluator.Evaluate(predicted, new LabelledBattles(battles));
        var other = Evaluator.Evaluate([.. order.Select(i => predicted[i])], new LabelledBattles([.. order.Select(i => battles[i])]));

        Assert.Equal(one.LogLoss, other.LogLoss, 12);
        Assert.Equal(one.Accuracy, other.Accuracy, 12);
        Assert.Equal(one.Brier, other.Brier, 12);
    }

    [Fact]
    public void Slices_add_up_to_the_whole()
    {
        var battles = SyntheticBattles.Create(90);
        Preference[] predicted = [.. battles.Select((_, i) => Preference.FromScores(i % 7 * 0.1, 0, 0))];
        var labelled = new LabelledBattles(battles);
        var thirds = Enumerable.Range(0, 90).ToLookup(i => i % 3 == 0);
        var slicing = new Slicing("thirds", "Thirds", [new Slice("two", [.. thirds[false]]), new Slice("one", [.. thirds[true]])]);

        var results = Evaluator.EvaluateBy(predicted, labelled, [slicing])[0].Results;
        var baselines = Baseline.Compare(predicted, labelled);

        Assert.Equal([60, 30], results.Select(slice => slice.Rows));
        Assert.Equal(Evaluator.Evaluate(predicted, labelled).LogLoss, results.Sum(slice => slice.Rows * slice.LogLoss) / 90, 12);
        Assert.Equal(
            baselines.Single(baseline => baseline.Name is "class shares").Difference,
            results.Sum(slice => slice.Rows * slice.Difference) / 90,
            12);
    }

    [Fact]
    public void Details_name_the_worst_rows_and_what_calibration_would_gain()
    {
        var battles = SyntheticBattles.Create(200);
        var labelled = new LabelledBattles(battles);
        Preference[] tooSure = [.. labelled.Targets.Select((target, i) => i % 3 == 0
            ? Preference.FromScores(4, 0, 0)
            : Preference.FromScores(4 * target.A, 4 * target.B, 4 * target.Tie))];

        var details = DetailedEvaluation.Create(tooSure, labelled, []);

        Assert.Equal(12, details.Misses.Count);
        Assert.All(details.Misses, miss => Assert.NotEqual(Outcome.A, miss.Battle.Target!.Value.Top));
        Assert.True(details.Refit is { Temperature: > 1.2, GainInterval.Lower: > 0 });
        Assert.All(details.Histogram.Values, shares => Assert.Equal(1, shares.Sum(), 9));
    }

    [Fact]
    public void Baselines_find_what_length_tells_and_no_more()
    {
        // The longer side always wins: the length baseline must notice, class shares must not.
        var battles = Enumerable.Range(0, 200).Select(i => new Battle
        {
            Id = $"{i}",
            Turns = [new Turn($"p{i}", new string('x', 10 + (i % 2 * 90)), new string('y', 100 - (i % 2 * 90)))],
            Verdict = i % 2 == 1 ? Verdict.A : Verdict.B,
        }).ToList();
        Preference[] uniform = [.. battles.Select(_ => Preference.Uniform)];

        var baselines = Baseline.Compare(uniform, new LabelledBattles(battles))
            .ToDictionary(baseline => baseline.Name, StringComparer.Ordinal);

        Assert.Equal(0, baselines["uniform"].Difference, 12);
        Assert.InRange(baselines["class shares"].LogLoss, 0.6, 0.75);
        Assert.InRange(baselines["length difference"].LogLoss, 0, 0.1);
        Assert.True(baselines["length difference"].DifferenceInterval.Lower > 0.9);
    }

    [Fact]
    public void Battles_without_labels_cannot_be_scored() =>
        Assert.Contains(
            "no label",
            Assert.Throws<InputException>(() => new LabelledBattles(SyntheticBattles.Create(2, labelled: false))).Message,
            StringComparison.Ordinal);

    private static Battle Battle(string id, Verdict verdict) =>
        new() { Id = id, Turns = [new Turn($"prompt {id}", "a", "b")], Verdict = verdict };
}
