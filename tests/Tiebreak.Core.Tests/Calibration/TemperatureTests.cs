using CsCheck;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Calibration;
using Tiebreak.Core.Metrics;
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
            targets.Add(Planted.Draw(truth, random));
        }

        Assert.Equal(2, Temperature.Fit(predicted, targets).Value, 0.1);
    }

    [Fact]
    public void No_temperature_beside_the_one_that_was_fitted_has_a_lower_loss()
    {
        var random = new SeededRandom(12);
        var (predicted, targets) = (new Preference[500], new Preference[500]);
        for (var i = 0; i < predicted.Length; i++)
        {
            predicted[i] = Preference.FromScores(5 * random.NextDouble(), 5 * random.NextDouble(), 2 * random.NextDouble());
            targets[i] = Planted.Draw(predicted[i], random);
        }

        const double Spread = 0.1;
        double Loss(double value) =>
            LogLoss.PerRow([.. predicted.Select(new Temperature(value).Apply)], targets).Sum()
            + (Math.Pow(Math.Log(value / 1.5) / Spread, 2) / 2);

        var fitted = Temperature.Fit(predicted, targets, new Temperature(1.5), Spread).Value;
        Assert.InRange(fitted, 1.01, 1.49); // between what the rows say and what was known before
        Assert.True(Loss(fitted) < Math.Min(Loss(fitted * 1.0001), Loss(fitted / 1.0001)));
    }

    [Fact]
    public void On_few_rows_luck_does_not_become_certainty()
    {
        // Twenty rows that the judge happened to foresee every time: the best temperature is the lowest that is looked for.
        var (predicted, targets) = (
            Enumerable.Repeat(new Preference(0.4, 0.3, 0.3), 20).ToArray(), Enumerable.Repeat(Preference.Certain(Outcome.A), 20).ToArray());
        Assert.Equal(0.05, Temperature.Fit(predicted, targets).Value, 3);
        Assert.InRange(Calibrator.FitTemperature(predicted, targets).Value, 0.1, 0.9);
        Assert.Equal(1, Calibrator.FitTemperature([], []).Value);
    }

    [Fact]
    public void Applying_keeps_the_order_of_outcomes_and_stays_valid() =>
        Gen.Select(Gen.Double[0, 1], Gen.Double[0, 1], Gen.Double[0.001, 1], Gen.Double[0.05, 20]).Sample((a, b, tie, t) =>
        {
            var before = Preference.Normalised(a, b, tie);
            var after = new Temperature(t).Apply(before);
            return after.IsValid && (before.A - before.B) * (after.A - after.B) >= 0;
        });
}
