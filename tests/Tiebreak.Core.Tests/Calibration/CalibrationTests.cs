using CsCheck;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Calibration;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Metrics;

namespace Tiebreak.Core.Tests.Calibration;

public sealed class CalibrationTests
{
    public static TheoryData<CalibrationMethod> Methods => [.. Enum.GetValues<CalibrationMethod>()];

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_swap_of_battle_and_preference_swaps_the_calibrated_preference(CalibrationMethod method)
    {
        // Some battles of every special case and of several turns, so that every step has something to do.
        var (truth, labelled) = Planted.Create(400, seed: 5, i => (i % 8) switch
        {
            0 => [new Turn($"p{i}", "", "other")],
            1 => [new Turn($"p{i}", "one", null)],
            2 => [new Turn($"p{i}", "same", "same")],
            3 => [new Turn($"p{i}", null, "")],
            4 => [.. Enumerable.Repeat(new Turn($"p{i}", "one", "other"), 1 + (i % 5))],
            _ => [new Turn($"p{i}", new string('x', i), "other")],
        });
        var steps = new Calibrator(method, WithPostRules: true).Fit(truth, labelled);
        Gen.Select(Gen.Double[0, 1], Gen.Double[0, 1], Gen.Double[0.001, 1], Gen.Int[0, labelled.Count - 1]).Sample((a, b, tie, row) =>
        {
            var (preference, battle) = (Preference.Normalised(a, b, tie), labelled.Battles[row]);
            var straight = Calibrator.Apply(steps, preference, battle);
            var swapped = Calibrator.Apply(steps, preference.Swapped(), battle.Swapped()).Swapped();
            return straight.IsValid && Math.Abs(straight.A - swapped.A) < 1e-12 && Math.Abs(straight.Tie - swapped.Tie) < 1e-12;
        });
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Cross_fitting_never_uses_the_verdicts_of_the_fold_itself(CalibrationMethod method)
    {
        var (truth, labelled) = Planted.Create(200, seed: 6);
        int[] folds = [.. Enumerable.Range(0, 200).Select(i => i % 2)];
        var turned = new LabelledBattles([.. labelled.Battles.Select((battle, i) =>
            folds[i] == 0 ? battle with { SoftLabel = battle.SoftLabel!.Value.Swapped() } : battle)]);
        var calibrator = new Calibrator(method, WithPostRules: true);
        var (one, other) = (calibrator.CrossFit(truth, labelled, folds, 2), calibrator.CrossFit(truth, turned, folds, 2));
        Assert.All(Enumerable.Range(0, 200).Where(i => folds[i] == 0), i => Assert.Equal(one[i], other[i]));
    }

    [Theory]
    [InlineData(CalibrationMethod.Temperature)]
    [InlineData(CalibrationMethod.TemperatureByTurns)]
    [InlineData(CalibrationMethod.Vector)]
    [InlineData(CalibrationMethod.Isotonic)]
    [InlineData(CalibrationMethod.Length)]
    public void Whole_weights_do_what_as_many_copies_do(CalibrationMethod method)
    {
        var (truth, labelled) = Planted.Create(
            300, seed: 14, i => [.. Enumerable.Repeat(new Turn($"p{i}", new string('x', i % 5), "xx"), 1 + (i % 2))]);
        int[] copied = [.. Enumerable.Range(0, 300).SelectMany(i => Enumerable.Repeat(i, 1 + (i % 3)))];
        var weighted = new LabelledBattles(labelled.Battles) { Weights = [.. Enumerable.Range(0, 300).Select(i => 1.0 + (i % 3))] };

        var calibrator = new Calibrator(method);
        var (one, other) = (
            calibrator.Fit(truth, weighted), calibrator.Fit([.. copied.Select(i => truth[i])], labelled.Only(copied)));
        for (var i = 0; i < 300; i++)
        {
            var (a, b) = (
                Calibrator.Apply(one, truth[i], labelled.Battles[i]), Calibrator.Apply(other, truth[i], labelled.Battles[i]));
            Assert.Equal((a.A, a.B), (b.A, b.B), (x, y) => Math.Abs(x.A - y.A) < 1e-6 && Math.Abs(x.B - y.B) < 1e-6);
        }
    }

    [Fact]
    public void Vector_scaling_finds_the_distortion_that_was_planted()
    {
        var (truth, labelled) = Planted.Create(20_000, seed: 7);
        Preference[] spoiled = [.. truth.Select(preference => new VectorScaling(0.5, 2, 0.7).Apply(preference, labelled.Battles[0]))];
        var fitted = VectorScaling.Fit(spoiled, labelled.Targets, labelled.Weights);

        // Undone by twice as decisive, half as sure of ties, and the bias taken back at that scale.
        Assert.Equal(2, fitted.Decisive, 0.1);
        Assert.Equal(0.5, fitted.Tie, 0.05);
        Assert.Equal(-0.35, fitted.TieBias, 0.05);
    }

    [Fact]
    public void A_judge_that_leans_to_length_leans_as_much_as_people_do_afterwards()
    {
        var (truth, labelled) = Planted.Create(
            5_000, seed: 12, i => [new Turn($"p{i}", new string('x', 1 + (i % 7)), new string('x', 1 + (i / 7 % 7)))]);
        Preference[] spoiled = [.. truth.Select((preference, i) => new LengthNeutral(0.8, 0.9).Apply(preference, labelled.Battles[i]))];
        var fitted = LengthNeutral.Fit(spoiled, labelled);

        // The planted distortion, undone; and the lean of the labels themselves, which is what the fit aims at.
        Assert.Equal(1 / 0.8, fitted.Power, 0.1);
        Assert.Equal(-0.9 / 0.8, fitted.Longer, 0.1);
        double LeanOf(IReadOnlyList<Preference> said) => said.Select((preference, i) =>
        {
            var turn = labelled.Battles[i].Turns[0];
            return Math.Sign(turn.ResponseA!.Length - turn.ResponseB!.Length) * (preference.A - preference.B);
        }).Average();
        Preference[] mended = [.. spoiled.Select((preference, i) => fitted.Apply(preference, labelled.Battles[i]))];
        Assert.Equal(LeanOf(labelled.Targets), LeanOf(mended), 1e-5);
        Assert.True(LeanOf(spoiled) > LeanOf(labelled.Targets) + 0.1);
    }

    [Fact]
    public void Isotonic_curves_undo_a_bend_that_no_temperature_undoes()
    {
        var (truth, labelled) = Planted.Create(20_000, seed: 8);
        Preference[] spoiled = [.. truth.Select(preference =>
            Preference.Normalised(preference.A, preference.B, (preference.A + preference.B) * Math.Pow(preference.Tie, 3)))];
        int[] folds = [.. Enumerable.Range(0, truth.Length).Select(i => i % 5)];
        double LossOf(CalibrationMethod method) =>
            LogLoss.PerRow(new Calibrator(method).CrossFit(spoiled, labelled, folds, 5), labelled.Targets).Average();

        var best = LogLoss.PerRow(truth, labelled.Targets).Average();
        Assert.True(LossOf(CalibrationMethod.Isotonic) < best + 0.003, $"{LossOf(CalibrationMethod.Isotonic)} against {best}");
        Assert.True(LossOf(CalibrationMethod.Temperature) > best + 0.01, $"{LossOf(CalibrationMethod.Temperature)} against {best}");
    }

    [Fact]
    public void Turns_that_need_a_temperature_of_their_own_get_it_and_few_battles_keep_that_of_all()
    {
        var (truth, labelled) = Planted.Create(
            20_000, seed: 9, i => [.. Enumerable.Repeat(new Turn($"p{i}", "one", "other"), i % 2 == 0 ? 1 : 2)]);
        Preference[] spoiled = [.. truth.Select((preference, i) => new Temperature(i % 2 == 0 ? 0.7 : 1.3).Apply(preference))];
        var fitted = BinnedTemperature.Fit(BattleBins.Turns, spoiled, labelled);
        Assert.Equal(1 / 0.7, fitted.Temperatures[0], 0.1);
        Assert.Equal(1 / 1.3, fitted.Temperatures[1], 0.1);
        Assert.Equal(Calibrator.FitTemperature(spoiled, labelled.Targets).Value, fitted.Temperatures[2], 3); // nobody had four turns

        // Twenty battles that are all missed do not get a temperature of infinity.
        var few = new LabelledBattles([.. labelled.Battles.Take(1000).Select((battle, i) => i < 20 ? battle with
        {
            Turns = [.. Enumerable.Repeat(battle.Turns[0], 5)],
            SoftLabel = Preference.Certain(spoiled[i].A > spoiled[i].B ? Outcome.B : Outcome.A),
        } : battle)]);
        var all = Calibrator.FitTemperature([.. spoiled.Take(1000)], few.Targets).Value;
        Assert.InRange(BinnedTemperature.Fit(BattleBins.Turns, [.. spoiled.Take(1000)], few).Temperatures[2] / all, 1, 1.3);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Rows_that_all_say_the_same_can_be_calibrated(CalibrationMethod method)
    {
        var (_, labelled) = Planted.Create(30, seed: 10);
        Preference[] same = [.. Enumerable.Repeat(Preference.Uniform, 30)];
        var steps = new Calibrator(method, WithPostRules: true).Fit(same, labelled);
        Assert.All(steps, step => Assert.True(step.IsValid));
        Assert.All(labelled.Battles, battle => Assert.True(Calibrator.Apply(steps, new Preference(1, 0, 0), battle).IsValid));
    }

    [Fact]
    public void The_comparison_names_every_method_and_whether_rules_help()
    {
        var (truth, labelled) = Planted.Create(500, seed: 12);
        int[] folds = [.. Enumerable.Range(0, 500).Select(i => i % 5)];
        var comparisons = CalibrationComparison.Of(new Calibrator(CalibrationMethod.Vector), truth, labelled, folds, 5, seed: 0);
        Assert.Equal(new Calibrator(CalibrationMethod.Vector), Assert.Single(comparisons, comparison => comparison.IsChosen).Calibrator);
        Assert.Equal(
            Enum.GetValues<CalibrationMethod>().Length + 1, comparisons.Select(comparison => comparison.Calibrator).Distinct().Count());
        Assert.Equal(
            LogLoss.PerRow(truth, labelled.Targets).Average(),
            comparisons.Single(comparison => comparison.Calibrator == new Calibrator(CalibrationMethod.None)).LogLoss,
            12);
    }
}
