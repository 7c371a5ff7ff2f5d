using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;

namespace Tiebreak.Features.FeatureJudges;

/// <summary>The answer of a judge that has both trees and a linear model.</summary>
internal static class Blend
{
    /// <summary>The weighted geometric mean of two preferences, which adds up weighted log odds.</summary>
    /// <param name="trees">What the trees say.</param>
    /// <param name="linear">What the linear model says.</param>
    /// <param name="share">The weight of the linear model, from 0 to 1.</param>
    public static Preference Of(Preference trees, Preference linear, double share)
    {
        double Mean(double one, double other) => ((1 - share) * Log(one)) + (share * Log(other));
        return Preference.FromScores(Mean(trees.A, linear.A), Mean(trees.B, linear.B), Mean(trees.Tie, linear.Tie));
    }

    private static double Log(double probability) => Math.Log(Math.Max(probability, LogLoss.Epsilon));
}
