using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;

namespace Tiebreak.Core.Calibration;

/// <summary>
/// Temperature scaling (Guo et al. 2017, arXiv 1706.04599): probabilities to the power 1/T, renormalised. The most probable outcome stays the
/// same, only the certainty changes.
/// </summary>
/// <param name="Value">T: 1 changes nothing, above 1 flattens, below 1 sharpens.</param>
public readonly record struct Temperature(double Value)
{
    private const double Lowest = 0.05;
    private const double Highest = 20;

    /// <summary>Changes nothing.</summary>
    public static Temperature One { get; } = new(1);

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
    public static Temperature Fit(IReadOnlyList<Preference> preferences, IReadOnlyList<Preference> targets)
    {
        if (preferences.Count == 0)
            return One;

        double Loss(double logTemperature)
        {
            var temperature = new Temperature(Math.Exp(logTemperature));
            var sum = 0.0;
            for (var i = 0; i < preferences.Count; i++)
                sum += LogLoss.Of(temperature.Apply(preferences[i]), targets[i]);
            return sum;
        }

        // The loss is convex in 1/T, hence unimodal in log T: golden-section search cannot miss the minimum.
        var ratio = (Math.Sqrt(5) - 1) / 2;
        var (low, high) = (Math.Log(Lowest), Math.Log(Highest));
        var (left, right) = (high - (ratio * (high - low)), low + (ratio * (high - low)));
        var (lossLeft, lossRight) = (Loss(left), Loss(right));
        while (high - low > 1e-6)
        {
            if (lossLeft < lossRight)
            {
                (high, right, lossRight) = (right, left, lossLeft);
                left = high - (ratio * (high - low));
                lossLeft = Loss(left);
            }
            else
            {
                (low, left, lossLeft) = (left, right, lossRight);
                right = low + (ratio * (high - low));
                lossRight = Loss(right);
            }
        }

        return new Temperature(Math.Exp((low + high) / 2));
    }

    /// <summary>
    /// Calibrates each fold with the temperature of all other folds, so that the result says honestly what calibration will do on new rows.
    /// </summary>
    /// <param name="preferences">Out-of-fold preferences.</param>
    /// <param name="targets">What people said, row by row.</param>
    /// <param name="folds">The fold of each row, 0 to <paramref name="foldCount"/> - 1.</param>
    /// <param name="foldCount">How many folds there are.</param>
    public static Preference[] CrossFit(
        IReadOnlyList<Preference> preferences, IReadOnlyList<Preference> targets, IReadOnlyList<int> folds, int foldCount)
    {
        var calibrated = new Preference[preferences.Count];
        for (var fold = 0; fold < foldCount; fold++)
        {
            var others = Enumerable.Range(0, folds.Count).Where(i => folds[i] != fold).ToList();
            var temperature = Fit([.. others.Select(i => preferences[i])], [.. others.Select(i => targets[i])]);
            for (var i = 0; i < calibrated.Length; i++)
            {
                if (folds[i] == fold)
                    calibrated[i] = temperature.Apply(preferences[i]);
            }
        }

        return calibrated;
    }
}
