using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;

namespace Tiebreak.Core.Calibration;

/// <summary>
/// Temperature scaling (Guo et al. 2017, arXiv 1706.04599): probabilities to the power 1/T, renormalised. The most probable outcome stays the
/// same, only the certainty changes.
/// </summary>
/// <param name="Value">T: 1 changes nothing, above 1 flattens, below 1 sharpens.</param>
public sealed record Temperature(double Value) : ICalibration
{
    private const double Coldest = 0.05;
    private const double Hottest = 20;

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
        preferences.Count == 0 ? One : Lowest(logTemperature => TotalLoss(logTemperature, preferences, targets));

    /// <summary>
    /// The temperature of a part of the rows, drawn towards that of all rows: its logarithm is taken to be spread around theirs with the standard
    /// deviation given (maximum a posteriori).
    /// </summary>
    /// <param name="preferences">What the judge said about these rows.</param>
    /// <param name="targets">What people said, row by row.</param>
    /// <param name="all">The temperature of all rows, which few rows keep.</param>
    /// <param name="spread">Standard deviation of the logarithm.</param>
    public static Temperature Fit(IReadOnlyList<Preference> preferences, IReadOnlyList<Preference> targets, Temperature all, double spread)
    {
        var centre = Math.Log(all.Value);
        return preferences.Count == 0
            ? all
            : Lowest(logTemperature => TotalLoss(logTemperature, preferences, targets) + (Math.Pow((logTemperature - centre) / spread, 2) / 2));
    }

    private static double TotalLoss(double logTemperature, IReadOnlyList<Preference> preferences, IReadOnlyList<Preference> targets)
    {
        var temperature = new Temperature(Math.Exp(logTemperature));
        var sum = 0.0;
        for (var i = 0; i < preferences.Count; i++)
            sum += LogLoss.Of(temperature.Apply(preferences[i]), targets[i]);
        return sum;
    }

    // The loss is convex in 1/T, hence unimodal in log T: golden-section search cannot miss the minimum.
    private static Temperature Lowest(Func<double, double> loss)
    {
        var ratio = (Math.Sqrt(5) - 1) / 2;
        var (low, high) = (Math.Log(Coldest), Math.Log(Hottest));
        var (left, right) = (high - (ratio * (high - low)), low + (ratio * (high - low)));
        var (lossLeft, lossRight) = (loss(left), loss(right));
        while (high - low > 1e-6)
        {
            if (lossLeft < lossRight)
            {
                (high, right, lossRight) = (right, left, lossLeft);
                left = high - (ratio * (high - low));
                lossLeft = loss(left);
            }
            else
            {
                (low, left, lossLeft) = (left, right, lossRight);
                right = low + (ratio * (high - low));
                lossRight = loss(right);
            }
        }

        return new Temperature(Math.Exp((low + high) / 2));
    }
}
