using CsCheck;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Calibration;
using Tiebreak.Core.Randomness;

namespace Tiebreak.Core.Tests.Calibration;

public sealed class TemperatureTests
{
    [Fact]
    public void The_temperature_that_spoiled_the_preferences_is_found_again()
    {
        var random = new SeededRandom(11);
        var (predicted, targets) = (new List<Preference>(), new List<Preference>());
        for (var i = 0; i < 20_000; i++)
        {
            var truth = Preference.FromScores(2 * random.NextDouble(), 2 * random.NextDouble(), random.NextDouble());
            predicted.Add(new Temperature(0.5).Apply(truth)); // twice as sure as it should be
            var draw = random.NextDouble();
            targets.Add(Preference.Certain(draw < truth.A ? Outcome.A : draw < truth.A + truth.B ? Outcome.B : Outcome.Tie));
        }

        Assert.Equal(2, Temperature.Fit(predicted, targets).Value, 0.1);
    }

    [Fact]
    public void Applying_keeps_the_order_of_outcomes_and_stays_valid() =>
        Gen.Select(Gen.Double[0, 1], Gen.Double[0, 1], Gen.Double[0.001, 1], Gen.Double[0.05, 20]).Sample((a, b, tie, t) =>
        {
            var before = Preference.Normalised(a, b, tie);
            var after = new Temperature(t).Apply(before);
            return after.IsValid && (before.A - before.B) * (after.A - after.B) >= 0;
        });

    [Fact]
    public void Cross_fitting_never_uses_the_labels_of_the_row_itself()
    {
        // Fold 0 is right where it is sure, fold 1 wrong: each gets what the other teaches, so fold 0 is flattened and fold 1 sharpened.
        Preference[] predicted = [.. Enumerable.Repeat(new Preference(0.6, 0.2, 0.2), 40)];
        Preference[] targets = [.. Enumerable.Range(0, 40).Select(i => Preference.Certain(i < 20 ? Outcome.A : Outcome.B))];
        int[] folds = [.. Enumerable.Range(0, 40).Select(i => i < 20 ? 0 : 1)];

        var calibrated = Temperature.CrossFit(predicted, targets, folds, 2);
        Assert.True(calibrated[0].A < 0.4);
        Assert.True(calibrated[39].A > 0.9);
    }
}
