using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;

namespace Tiebreak.Core.Calibration;

/// <summary>
/// Temperature scaling (Guo et al. 2017, arXiv 1706.04599): probabilities to the power 1/T, renormalised. The most probable outcome stays
/// the same, only the certainty changes.
/// </summary>
/// <param name="Value">T: 1 changes nothing, above 1 flattens, below 1 sharpens.</param>
public sealed record Temperature(double Value) : ICalibration
{
    /// <summary>Changes nothing.</summary>
    public static Temperature One { get; } = new(1);

    /// <inheritdoc/>
    public bool IsValid => Value > 0 && double.IsFinite(Value);

    /// <inheritdoc/>
    public Preference Apply(Preference preference, Battle battle) => Apply(preference);

    /// <summary>Applies the temperature to one preference.</summary>
    public Preference Apply(Preference preference)
    {
        if (Value == 1)
            return preference;

        // Logarithms from the clipped probability, so that a zero stays tiny instead of turning into NaN.
        return Preference.FromScores(
            Math.Log(Math.Max(preference.A, LogLoss.Epsilon)) / Value,
            Math.Log(Math.Max(preference.B, LogLoss.Epsilon)) / Value,
            Math.Log(Math.Max(preference.Tie, LogLoss.Epsilon)) / Value);
    }

    /// <summary>The temperature with the lowest mean log loss on labelled rows, between 0.05 and 20, to about six digits.</summary>
    /// <param name="preferences">What the judge said.</param>
    /// <param name="targets">What people said, row by row.</param>
    public static Temperature Fit(IReadOnlyList<Preference> preferences, IReadOnlyList<Preference> targets) =>
        preferences.Count == 0 ? One : new TemperatureLoss(preferences, targets, centre: 0, spread: double.PositiveInfinity).Lowest();

    /// <summary>
    /// The temperature of a part of the rows, drawn towards that of all rows: its logarithm is taken to be spread around theirs with the
    /// standard deviation given (maximum a posteriori).
    /// </summary>
    /// <param name="preferences">What the judge said about these rows.</param>
    /// <param name="targets">What people said, row by row.</param>
    /// <param name="all">The temperature of all rows, which few rows keep.</param>
    /// <param name="spread">Standard deviation of the logarithm.</param>
    /// <param name="weights">How much each row counts; null: all the same.</param>
    public static Temperature Fit(
        IReadOnlyList<Preference> preferences, IReadOnlyList<Preference> targets, Temperature all, double spread,
        IReadOnlyList<double>? weights = null) =>
        preferences.Count == 0 ? all : new TemperatureLoss(preferences, targets, Math.Log(all.Value), spread, weights).Lowest();
}
