using Tiebreak.Core;

namespace Tiebreak.Ratings.Votes;

/// <summary>
/// Gives pairs that met often less weight, as arena-rank offers, so that the leaderboard depends less on who was set against whom.
/// </summary>
public static class PairReweighting
{
    /// <summary>
    /// Divides the weight of every vote by the number of votes between its two models, or by a minimum if they are fewer.
    /// </summary>
    /// <param name="votes">The votes.</param>
    /// <param name="minimum">Pairs with fewer votes are divided by this; 50 in arena-rank.</param>
    /// <exception cref="InputException">The minimum is below 1.</exception>
    public static VoteSet Apply(VoteSet votes, int minimum = 50)
    {
        if (minimum < 1)
        {
            throw new InputException($"`reweight` is {minimum}; the smallest number of votes of a pair is 1 or more.")
            {
                Parameters = ["reweight"],
            };
        }

        var counts = VoteCounts.Of(votes);
        var weights = new double[votes.Count];
        for (var i = 0; i < weights.Length; i++)
            weights[i] = (votes.Weights?[i] ?? 1) / Math.Max(minimum, counts.VotesOf(counts.PairOf(votes.ModelA[i], votes.ModelB[i])));
        return votes.WithWeights(weights);
    }
}
