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
            targets.Add(Planted.Draw(truth, random));
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
}
