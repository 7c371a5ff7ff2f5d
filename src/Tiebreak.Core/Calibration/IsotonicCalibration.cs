using Tiebreak.Core.Battles;

namespace Tiebreak.Core.Calibration;

/// <summary>
/// Two curves that never fall: one for the probability of a tie, one for that of A among decisive battles, where B is its mirror image.
/// Follows any shape, and needs many rows for it.
/// </summary>
/// <param name="Tie">From the judge's probability of a tie.</param>
/// <param name="Winner">From the judge's P(A) / (P(A) + P(B)).</param>
internal sealed record IsotonicCalibration(MonotoneCurve Tie, MonotoneCurve Winner) : ICalibration
{
    /// <inheritdoc/>
    public bool IsValid => Tie.IsValid && Winner.IsValid;

    /// <summary>Fits both curves.</summary>
    /// <param name="preferences">What the judge said.</param>
    /// <param name="targets">What people said, row by row.</param>
    /// <param name="weights">How much each row counts.</param>
    public static IsotonicCalibration Fit(
        IReadOnlyList<Preference> preferences, IReadOnlyList<Preference> targets, IReadOnlyList<double> weights)
    {
        var rows = preferences.Zip(targets, weights).ToList();
        return new IsotonicCalibration(
            MonotoneCurve.Fit(
                rows.Select(row => (row.First.Tie, row.Second.Tie, row.Third)),
                rows.Count == 0 ? 0 : rows.Sum(row => row.Third * row.Second.Tie) / rows.Sum(row => row.Third)),
            MonotoneCurve.Fit(rows.SelectMany(row => OfWinner(row.First, row.Second, row.Third)), prior: 0.5));
    }

    /// <inheritdoc/>
    public Preference Apply(Preference preference, Battle battle)
    {
        var tie = Tie.At(preference.Tie);
        var share = ShareOfA(preference);
        var a = (Winner.At(share) + 1 - Winner.At(1 - share)) / 2;
        return Preference.Normalised((1 - tie) * a, (1 - tie) * (1 - a), tie);
    }

    // Both orders, so that the curve is its own mirror image.
    private static IEnumerable<(double Said, double True, double Weight)> OfWinner(
        Preference preference, Preference target, double weight)
    {
        var (share, decisive) = (ShareOfA(preference), target.A + target.B);
        var won = decisive > 0 ? target.A / decisive : 0;
        return [(share, won, weight * decisive), (1 - share, 1 - won, weight * decisive)];
    }

    private static double ShareOfA(Preference preference) =>
        preference.A + preference.B > 0 ? preference.A / (preference.A + preference.B) : 0.5;
}
