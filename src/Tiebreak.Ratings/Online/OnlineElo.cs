using Tiebreak.Core.Randomness;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.Ratings.Online;

/// <summary>
/// Elo's rating updated vote by vote, as the Arena did at first: it depends on the order of the votes and forgets old ones, so that it is
/// for comparison, not for a leaderboard. A tie, and both bad, is half a point each; everybody starts at 1000.
/// </summary>
public static class OnlineElo
{
    /// <summary>Points that a vote can move a rating by, unless said otherwise.</summary>
    public const double DefaultK = 4;

    /// <summary>Ratings after all votes.</summary>
    /// <param name="votes">The votes. A weight multiplies K.</param>
    /// <param name="order">The votes in their order, earliest first.</param>
    /// <param name="k">Points that a vote can move a rating by.</param>
    public static double[] Rate(VoteSet votes, ReadOnlySpan<int> order, double k = DefaultK)
    {
        var ratings = Start(votes);
        foreach (var vote in order)
            Update(ratings, votes, vote, k);
        return ratings;
    }

    /// <summary>The order of the votes in time; votes of one time, or without times, stay in file order.</summary>
    public static int[] Order(VoteSet votes, DateTimeOffset[]? timestamps)
    {
        var order = Enumerable.Range(0, votes.Count);
        return timestamps is null ? [.. order] : [.. order.OrderBy(vote => timestamps[vote])];
    }

    /// <summary>Ratings of votes drawn with replacement, in the order in which they are drawn, which averages over orders.</summary>
    /// <param name="votes">The votes.</param>
    /// <param name="rounds">How many times; 100 at the Arena, which shows the median.</param>
    /// <param name="k">Points that a vote can move a rating by.</param>
    /// <param name="seed">Same seed, same draws, on any number of threads.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellationToken">Ends the work with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>The ratings of every round.</returns>
    public static double[][] Bootstrap(
        VoteSet votes, int rounds, double k, ulong seed, int threads, CancellationToken cancellationToken = default)
    {
        var draws = new double[rounds][];
        Parallel.For(0, rounds, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, round =>
        {
            var random = new SeededRandom(seed, (ulong)round);
            var ratings = draws[round] = Start(votes);
            for (var i = 0; i < votes.Count; i++)
                Update(ratings, votes, random.Next(votes.Count), k);
        });
        return draws;
    }

    private static double[] Start(VoteSet votes)
    {
        var ratings = new double[votes.Models.Count];
        Array.Fill(ratings, EloScale.Centre);
        return ratings;
    }

    private static void Update(double[] ratings, VoteSet votes, int vote, double k)
    {
        var (a, b) = (votes.ModelA[vote], votes.ModelB[vote]);
        var expected = 1 / (1 + Math.Exp((ratings[b] - ratings[a]) / EloScale.PointsPerNat));
        var change = k * (votes.Weights?[vote] ?? 1) * (votes.Score(vote) - expected);
        ratings[a] += change;
        ratings[b] -= change;
    }
}
