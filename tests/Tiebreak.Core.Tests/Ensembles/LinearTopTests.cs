using CsCheck;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Calibration;
using Tiebreak.Core.Ensembles;
using Tiebreak.Core.Metrics;
using Tiebreak.Core.Randomness;
using Tiebreak.Core.Tests.Calibration;

namespace Tiebreak.Core.Tests.Ensembles;

public sealed class LinearTopTests
{
    private static readonly Gen<Preference> Preferences = Gen.Select(Gen.Double[-3, 3], Gen.Double[-3, 3], Gen.Double[-3, 3])
        .Select(scores => Preference.FromScores(scores.Item1, scores.Item2, scores.Item3));

    [Fact]
    public void A_logistic_top_finds_the_factors_that_verdicts_were_drawn_with()
    {
        var random = new SeededRandom(1);
        var truth = new LinearTop { Ahead = [1.5, 0.5], Tie = [0.2, 0.9], TieBias = -0.3 };
        Preference[][] said = [.. Enumerable.Range(0, 20_000).Select(_ => (Preference[])[Drawn(ref random), Drawn(ref random)])];
        Preference[] targets = [.. said.Select(truth.Apply)]; // soft labels: what people say on average
        var found = LinearTop.Fit(new LinearTopOptions { Ridge = 1e-6 }, said, targets, [.. said.Select(_ => 1.0)]);
        double[] expected = [.. truth.Ahead, .. truth.Tie, truth.TieBias], actual = [.. found.Ahead, .. found.Tie, found.TieBias];
        for (var k = 0; k < expected.Length; k++)
            Assert.Equal(expected[k], actual[k], 1e-4);
    }

    [Theory]
    [InlineData(nameof(LinearLoss.Logistic))]
    [InlineData(nameof(LinearLoss.Svm))]
    [InlineData(nameof(LinearLoss.Svr))]
    public void A_top_with_calibrated_scores_is_better_than_its_best_member_and_swaps_with_A_and_B(string loss)
    {
        var (truth, labelled) = Planted.Create(3000, seed: 2);
        var random = new SeededRandom(3);
        Preference[][] said =
            [.. truth.Select(preference => (Preference[])[Blurred(preference, ref random), Blurred(preference, ref random)])];
        var options = new LinearTopOptions { Loss = Enum.Parse<LinearLoss>(loss) };
        var top = LinearTop.Fit(options, said, labelled.Targets, labelled.Weights);
        Preference[] raw = [.. said.Select(top.Apply)];
        var steps = new Calibrator(CalibrationMethod.Vector).Fit(raw, labelled);
        double LossOf(IEnumerable<Preference> preferences) => LogLoss.PerRow([.. preferences], labelled.Targets).Average();
        var calibrated = LossOf(raw.Select((preference, i) => Calibrator.Apply(steps, preference, labelled.Battles[i])));
        Assert.True(calibrated < Math.Min(LossOf(said.Select(row => row[0])), LossOf(said.Select(row => row[1]))) - 0.02);

        Gen.Select(Preferences, Preferences).Sample((one, other) =>
        {
            var swapped = top.Apply([one.Swapped(), other.Swapped()]).Swapped();
            Assert.Equal(top.Apply([one, other]).A, swapped.A, 1e-12);
        });
    }

    private static Preference Drawn(ref SeededRandom random) =>
        Preference.FromScores(4 * random.NextDouble(), 4 * random.NextDouble(), 4 * random.NextDouble());

    private static Preference Blurred(Preference truth, ref SeededRandom random) => Preference.FromScores(
        Math.Log(truth.A) + (2 * random.NextDouble()), Math.Log(truth.B) + (2 * random.NextDouble()),
        Math.Log(truth.Tie) + (2 * random.NextDouble()));
}
