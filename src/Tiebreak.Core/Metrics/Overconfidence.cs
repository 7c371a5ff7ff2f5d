using Tiebreak.Core.Battles;

namespace Tiebreak.Core.Metrics;

/// <summary>
/// How many times more probable a vote is to somebody who looks at no battle, and gives every one the class shares, than to the judge:
/// share(vote) / P(vote). Whatever its preferences, the mean over votes is 1 for a calibrated judge, because sum(p * share / p) = 1; it is
/// above 1 for one that is surer than it is right, and below 1 for one that could be surer. Betting a part c of a capital on it is the
/// likelihood-ratio test of "a part c of the people vote without regard to the battle" against "the judge is calibrated", the most
/// powerful test there is of these two (Neyman and Pearson 1933).
/// </summary>
internal static class Overconfidence
{
    /// <summary>Higher values count as this: one vote against a judge that was sure must not decide by itself.</summary>
    public const double Highest = 10;

    /// <summary>The value of one vote.</summary>
    /// <param name="said">What the judge says.</param>
    /// <param name="target">What people said; of a label in probabilities, the mean value.</param>
    /// <param name="shares">How frequent the outcomes are.</param>
    public static double Of(Preference said, Preference target, Preference shares) =>
        Term(target.A, shares.A, said.A) + Term(target.B, shares.B, said.B) + Term(target.Tie, shares.Tie, said.Tie);

    private static double Term(double target, double share, double said) =>
        target == 0 ? 0 : target * Math.Min(share / Math.Max(said, LogLoss.Epsilon), Highest);
}
