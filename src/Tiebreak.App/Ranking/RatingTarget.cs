using Tiebreak.Core;

namespace Tiebreak.App.Ranking;

/// <summary>How well every rating is to be known, and what a vote costs.</summary>
/// <param name="Width">Points from the lower to the upper end of every 95 % interval.</param>
/// <param name="CostPerVote">What a vote costs, in any currency; null if that is not asked.</param>
public sealed record RatingTarget(double Width, double? CostPerVote = null)
{
    /// <summary>Throws if it cannot be reached or paid.</summary>
    /// <exception cref="InputException">The width is not above 0, or the cost is negative.</exception>
    internal void ThrowIfImpossible()
    {
        if (!(Width >= 0.01 && double.IsFinite(Width)))
        {
            throw new InputException(Invariant($"An interval cannot be {Width} points wide: `target-width` is 0.01 or more."))
            {
                Parameters = ["target-width"],
            };
        }

        if (CostPerVote is { } cost && !(cost >= 0 && double.IsFinite(cost)))
        {
            throw new InputException(Invariant($"A vote cannot cost {cost}: `cost-per-vote` is 0 or more."))
            {
                Parameters = ["cost-per-vote"],
            };
        }
    }
}
