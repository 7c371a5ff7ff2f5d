using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Metrics;
using Tiebreak.Core.Randomness;

namespace Tiebreak.Core.Tests.Evaluation;

public sealed class DirichletJudgeTests
{
    private static readonly Preference Shares = new(0.35, 0.34, 0.31);

    [Theory]
    [InlineData(1.05)]
    [InlineData(0.93)]
    [InlineData(0.6)]
    [InlineData(0.2)]
    public void What_is_worked_out_is_what_a_simulation_finds(double logLoss)
    {
        const int rows = 60_000;
        var judge = DirichletJudge.WithLogLoss(logLoss, Shares);
        var random = new SeededRandom(5);
        double loss = 0, hits = 0, confidence = 0, brier = 0;
        var sure = 0;
        for (var i = 0; i < rows; i++)
        {
            var preference = Draw(ref random, judge.Concentration);
            var truth = random.NextDouble() is var draw && draw < preference.A ? Outcome.A
                : draw < preference.A + preference.B ? Outcome.B
                : Outcome.Tie;
            loss += LogLoss.Of(preference, Preference.Certain(truth)) / rows;
            brier += BrierScore.Of(preference, Preference.Certain(truth)) / rows;
            hits += preference.Top == truth ? 1.0 / rows : 0;
            confidence += preference[preference.Top] / rows;
            sure += preference[preference.Top] >= 0.6 ? 1 : 0;
        }

        Assert.Equal(logLoss, judge.LogLoss, 6);
        Assert.Equal(loss, judge.LogLoss, 0.012);
        Assert.Equal(hits, judge.Accuracy, 0.008);
        Assert.Equal(confidence, judge.Accuracy, 0.004);
        Assert.Equal(brier, judge.Brier, 0.01);
        Assert.Equal((double)sure / rows, judge.ByConfidence.Where(bin => bin.From >= 0.6).Sum(bin => bin.Rows), 0.01);
        Assert.Equal(1, judge.ByConfidence.Sum(bin => bin.Rows), 6);
        Assert.Equal(judge.Accuracy, judge.ByConfidence.Sum(bin => bin.Rows * bin.Accuracy), 6);
    }

    [Fact]
    public void A_lower_loss_foresees_more()
    {
        double[] accuracies = [.. new[] { 1.09, 1.05, 1.0, 0.9, 0.7, 0.3, 0.05 }
            .Select(loss => DirichletJudge.WithLogLoss(loss, Shares).Accuracy)];
        Assert.Equal(accuracies.Order(), accuracies);
        Assert.InRange(accuracies[0], 0.35, 0.42);
        Assert.InRange(accuracies[^1], 0.97, 1);
    }

    [Theory]
    [InlineData(1.2)]
    [InlineData(0)]
    [InlineData(double.NaN)]
    public void An_impossible_loss_is_refused(double loss) =>
        Assert.Contains(
            "No calibrated judge",
            Assert.Throws<InputException>(() => DirichletJudge.WithLogLoss(loss, Shares)).Message,
            StringComparison.Ordinal);

    private static Preference Draw(ref SeededRandom random, double k) =>
        Preference.FromScores(LogGamma(ref random, k * Shares.A), LogGamma(ref random, k * Shares.B), LogGamma(ref random, k * Shares.Tie));

    // The logarithm of a gamma variable (Marsaglia and Tsang 2000), raised by one below shape 1.
    private static double LogGamma(ref SeededRandom random, double shape)
    {
        if (shape < 1)
            return LogGamma(ref random, shape + 1) + (Math.Log(1 - random.NextDouble()) / shape);

        var d = shape - (1.0 / 3);
        while (true)
        {
            var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            var v = Math.Pow(1 + (normal / Math.Sqrt(9 * d)), 3);
            if (v > 0 && Math.Log(1 - random.NextDouble()) < (0.5 * normal * normal) + d - (d * v) + (d * Math.Log(v)))
                return Math.Log(d * v);
        }
    }
}
