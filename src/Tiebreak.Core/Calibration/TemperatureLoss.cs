using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;

namespace Tiebreak.Core.Calibration;

/// <summary>
/// The total log loss of rows as a function of the logarithm u of the temperature, plus (u - centre)^2 / (2 spread^2) for what is known
/// beforehand. With log probabilities l, targets t and the factor f = exp(-u), a row loses ln(sum of exp(f l)) - f (sum of t l): convex in
/// f, hence unimodal in u.
/// </summary>
internal sealed class TemperatureLoss
{
    private const double Coldest = 0.05;
    private const double Hottest = 20;
    private const double Tolerance = 1e-7;

    private readonly (double A, double B, double Tie)[] _logs;
    private readonly IReadOnlyList<double>? _weights; // null: all 1
    private readonly double _observed; // the sum of t l over all rows
    private readonly double _centre;
    private readonly double _precision;

    /// <param name="preferences">What the judge said.</param>
    /// <param name="targets">What people said, row by row.</param>
    /// <param name="centre">The logarithm of the temperature that is expected.</param>
    /// <param name="spread">Its standard deviation; infinite where nothing is expected.</param>
    /// <param name="weights">How much each row counts; null: all the same.</param>
    public TemperatureLoss(
        IReadOnlyList<Preference> preferences, IReadOnlyList<Preference> targets, double centre, double spread,
        IReadOnlyList<double>? weights = null)
    {
        (_logs, _weights) = (new (double, double, double)[preferences.Count], weights);
        (_centre, _precision) = (centre, 1 / (spread * spread));
        for (var i = 0; i < _logs.Length; i++)
        {
            var (a, b, tie) = _logs[i] = (Log(preferences[i].A), Log(preferences[i].B), Log(preferences[i].Tie));
            _observed += Weight(i) * ((targets[i].A * a) + (targets[i].B * b) + (targets[i].Tie * tie));
        }
    }

    /// <summary>
    /// The temperature with the lowest loss: Newton's method on the slope, halving the range wherever a step would leave it.
    /// </summary>
    public Temperature Lowest()
    {
        var (low, high, u) = (Math.Log(Coldest), Math.Log(Hottest), 0.0);
        while (high - low > Tolerance)
        {
            var (slope, curvature) = At(u);
            (low, high) = slope > 0 ? (low, u) : (u, high);
            var next = u - (slope / curvature);
            if (!(next >= low && next <= high))
                next = (low + high) / 2;
            var step = Math.Abs(next - u);
            u = next;
            if (step < Tolerance)
                break;
        }

        return new Temperature(Math.Exp(u));
    }

    private double Weight(int row) => _weights?[row] ?? 1;

    // Clipped, so that a zero stays tiny instead of turning into NaN.
    private static double Log(double probability) => Math.Log(Math.Max(probability, LogLoss.Epsilon));

    /// <summary>The first and the second derivative.</summary>
    private (double Slope, double Curvature) At(double u)
    {
        var factor = Math.Exp(-u);
        var (mean, variance) = (0.0, 0.0); // of l under what the judge would say, over all rows
        for (var i = 0; i < _logs.Length; i++)
        {
            var ((a, b, tie), weight) = (_logs[i], Weight(i));
            var most = Math.Max(a, Math.Max(b, tie));
            var (ofA, ofB, ofTie) = (Math.Exp(factor * (a - most)), Math.Exp(factor * (b - most)), Math.Exp(factor * (tie - most)));
            var all = ofA + ofB + ofTie;
            var expected = ((ofA * a) + (ofB * b) + (ofTie * tie)) / all;
            mean += weight * expected;
            variance += weight * ((ofA * (a - expected) * (a - expected)) + (ofB * (b - expected) * (b - expected))
                + (ofTie * (tie - expected) * (tie - expected))) / all;
        }

        var slope = factor * (_observed - mean);
        return (slope + ((u - _centre) * _precision), (factor * factor * variance) - slope + _precision);
    }
}
