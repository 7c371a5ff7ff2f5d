using Tiebreak.Core.Battles;

namespace Tiebreak.Core.Metrics;

/// <summary>
/// Brier score over three outcomes (Brier 1950): the squared distance of the probabilities from the truth, 0 to 2; uniform gives 2/3.
/// </summary>
public static class BrierScore
{
    /// <summary>The score of one row.</summary>
    public static double Of(Preference predicted, Preference target)
    {
        var (a, b, tie) = (predicted.A - target.A, predicted.B - target.B, predicted.Tie - target.Tie);
        return (a * a) + (b * b) + (tie * tie);
    }
}
