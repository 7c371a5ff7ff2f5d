using Tiebreak.Core.Battles;
using Tiebreak.Core.Randomness;

namespace Tiebreak.Core.Metrics;

/// <summary>
/// Expected calibration error over ten bins of equal row count (Nixon et al. 2019, arXiv 1904.01685), with the band in which 95 % of perfectly
/// calibrated judges would lie that make the same predictions on as many rows: few rows alone give an error well above zero.
/// </summary>
/// <param name="Value">Row-weighted mean of |share that came true - mean probability|.</param>
/// <param name="Expected">The band of a perfectly calibrated judge.</param>
public readonly record struct CalibrationError(double Value, Interval Expected)
{
    private const int Bins = 10;
    private const int Simulations = 400;

    /// <summary>True if the error is larger than chance explains.</summary>
    public bool IsBeyondChance => Value > Expected.Upper;

    /// <summary>Calibration of the most probable outcome.</summary>
    public static CalibrationError OfTopLabel(IReadOnlyList<Preference> predicted, IReadOnlyList<Preference> targets, ulong seed = 0)
    {
        var order = OrderBy(predicted, preference => preference[preference.Top]);
        return Measure(predicted, targets, seed, truths => TopLabelError(predicted, truths, order));
    }

    /// <summary>Mean over the three outcomes of the calibration of each one's probability.</summary>
    public static CalibrationError ClassWise(IReadOnlyList<Preference> predicted, IReadOnlyList<Preference> targets, ulong seed = 0)
    {
        Outcome[] outcomes = [Outcome.A, Outcome.B, Outcome.Tie];
        var orders = outcomes.Select(outcome => OrderBy(predicted, preference => preference[outcome])).ToArray();
        return Measure(predicted, targets, seed, truths =>
            outcomes.Average(outcome => BinnedError(orders[(int)outcome], i => predicted[i][outcome], i => truths[i][outcome])));
    }

    private static CalibrationError Measure(
        IReadOnlyList<Preference> predicted, IReadOnlyList<Preference> targets, ulong seed, Func<Preference[], double> error)
    {
        if (predicted.Count == 0)
            return new CalibrationError(double.NaN, new Interval(double.NaN, double.NaN));

        var simulated = new double[Simulations];
        Parallel.For(0, Simulations, round =>
        {
            var random = new SeededRandom(seed, (ulong)round);
            var truths = new Preference[predicted.Count];
            for (var i = 0; i < truths.Length; i++)
                truths[i] = Preference.Certain(Draw(predicted[i], random.NextDouble()));
            simulated[round] = error(truths);
        });
        Array.Sort(simulated);
        return new CalibrationError(error([.. targets]), new Interval(Quantile.Of(simulated, 0.025), Quantile.Of(simulated, 0.975)));
    }

    private static double TopLabelError(IReadOnlyList<Preference> predicted, Preference[] truths, int[] order) =>
        BinnedError(order, i => predicted[i][predicted[i].Top], i => truths[i][predicted[i].Top]);

    private static double BinnedError(int[] order, Func<int, double> probability, Func<int, double> truth)
    {
        var error = 0.0;
        for (var bin = 0; bin < Bins; bin++)
        {
            var gap = 0.0;
            for (var k = (int)((long)order.Length * bin / Bins); k < (int)((long)order.Length * (bin + 1) / Bins); k++)
                gap += truth(order[k]) - probability(order[k]);
            error += Math.Abs(gap);
        }

        return error / order.Length;
    }

    private static int[] OrderBy(IReadOnlyList<Preference> predicted, Func<Preference, double> probability) =>
        [.. Enumerable.Range(0, predicted.Count).OrderBy(i => probability(predicted[i]))];

    private static Outcome Draw(Preference preference, double random) =>
        random < preference.A ? Outcome.A : random < preference.A + preference.B ? Outcome.B : Outcome.Tie;
}
