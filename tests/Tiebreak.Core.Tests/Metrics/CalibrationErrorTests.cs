using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;
using Tiebreak.Core.Randomness;

namespace Tiebreak.Core.Tests.Metrics;

public sealed class CalibrationErrorTests
{
    [Fact]
    public void A_calibrated_judge_lies_in_the_band_about_as_often_as_promised()
    {
        var inside = Enumerable.Range(0, 40).Count(run =>
        {
            var (predicted, targets) = Draw(500, (ulong)run, overconfidence: 1);
            var error = CalibrationError.OfTopLabel(predicted, targets, seed: 99);
            return error.Value >= error.Expected.Lower && error.Value <= error.Expected.Upper;
        });

        Assert.InRange(inside, 34, 40); // 95 % of 40 is 38
    }

    [Fact]
    public void An_overconfident_judge_is_beyond_chance_by_both_measures()
    {
        var (predicted, targets) = Draw(2000, seed: 5, overconfidence: 3);

        Assert.True(CalibrationError.OfTopLabel(predicted, targets).IsBeyondChance);
        Assert.True(CalibrationError.ClassWise(predicted, targets).IsBeyondChance);
    }

    [Fact]
    public void A_hand_made_case_has_the_error_worked_out_by_hand()
    {
        // Ten rows, ten bins of one row each: |truth - 0.8| is 0.2 where A won and 0.8 where not.
        var predicted = Enumerable.Repeat(new Preference(0.8, 0.1, 0.1), 10).ToArray();
        var targets = Enumerable.Range(0, 10).Select(i => Preference.Certain(i < 5 ? Outcome.A : Outcome.B)).ToArray();

        Assert.Equal(0.5, CalibrationError.OfTopLabel(predicted, targets).Value, 12);

        // For B |truth - 0.1| is 0.1 where A won and 0.9 where not; a tie was always 0.1 too probable: (0.5 + 0.5 + 0.1) / 3.
        Assert.Equal(1.1 / 3, CalibrationError.ClassWise(predicted, targets).Value, 12);
    }

    private static (Preference[] Predicted, Preference[] Targets) Draw(int rows, ulong seed, double overconfidence)
    {
        var random = new SeededRandom(seed);
        var predicted = new Preference[rows];
        var targets = new Preference[rows];
        for (var i = 0; i < rows; i++)
        {
            var (a, b) = (2 * random.NextDouble(), 2 * random.NextDouble());
            var truth = Preference.FromScores(a, b, 0.5);
            predicted[i] = Preference.FromScores(overconfidence * a, overconfidence * b, overconfidence * 0.5);
            var draw = random.NextDouble();
            targets[i] = Preference.Certain(draw < truth.A ? Outcome.A : draw < truth.A + truth.B ? Outcome.B : Outcome.Tie);
        }

        return (predicted, targets);
    }
}
