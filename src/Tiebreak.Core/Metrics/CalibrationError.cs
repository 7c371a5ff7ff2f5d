using Tiebreak.Core.Battles;
using Tiebreak.Core.Randomness;

namespace Tiebreak.Core.Metrics;

/// <summary>
/// Expected calibration error over ten bins of equal row count (Nixon et al. 2019, arXiv 1904.01685), with the band in which 95 % of
/// perfectly calibrated judges would lie that make the same predictions on as many rows: few rows alone give an error well above zero.
/// </summary>
/// <param name="Value">Row-weighted mean of |share that came true - mean probability|.</param>
/// <param name="Expected">The band of a perfectly calibrated judge.</param>
public readonly record struct CalibrationError(double Value, Interval Expected)
{
    private const int Simulations = 400;

    /// <summary>True if the error is larger than chance explains.</summary>
    public bool IsBeyondChance => Value > Expected.Upper;

    /// <summary>Calibration of the most probable outcome.</summary>
    /// <param name="predicted">One preference a row.</param>
    /// <param name="targets">What people said, row by row.</param>
    /// <param name="seed">Seed of the simulated band.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it. -1: no limit.</param>
    public static CalibrationError OfTopLabel(
        IReadOnlyList<Preference> predicted, IReadOnlyList<Preference> targets, ulong seed = 0, int threads = -1) =>
        Measure(predicted, targets, seed, threads, [preference => preference.Top]);

    /// <summary>Mean over the three outcomes of the calibration of each one's probability.</summary>
    /// <param name="predicted">One preference a row.</param>
    /// <param name="targets">What people said, row by row.</param>
    /// <param name="seed">Seed of the simulated band.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it. -1: no limit.</param>
    public static CalibrationError ClassWise(
        IReadOnlyList<Preference> predicted, IReadOnlyList<Preference> targets, ulong seed = 0, int threads = -1) =>
        Measure(predicted, targets, seed, threads, [_ => Outcome.A, _ => Outcome.B, _ => Outcome.Tie]);

    private static CalibrationError Measure(
        IReadOnlyList<Preference> predicted,
        IReadOnlyList<Preference> targets,
        ulong seed,
        int threads,
        IReadOnlyList<Func<Preference, Outcome>> claims)
    {
        if (predicted.Count == 0)
            return new CalibrationError(double.NaN, new Interval(double.NaN, double.NaN));

        var bins = new CalibrationBins(predicted, claims);
        var simulated = new double[Simulations];
        Parallel.For(
            0,
            Simulations,
            new ParallelOptions { MaxDegreeOfParallelism = threads },
            round => simulated[round] = bins.ErrorOfDraw(new SeededRandom(seed, (ulong)round)));
        Array.Sort(simulated);
        return new CalibrationError(bins.ErrorOf(targets), new Interval(Quantile.Of(simulated, 0.025), Quantile.Of(simulated, 0.975)));
    }
}
