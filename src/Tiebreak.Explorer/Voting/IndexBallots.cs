using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Explorer.Index;
using Tiebreak.Explorer.Ranking;
using Tiebreak.Ratings.Diagnostics;
using Tiebreak.Ratings.Fitting;

namespace Tiebreak.Explorer.Voting;

/// <summary>
/// Battles of the index to vote on: any, or those of the pairs of models whose further votes narrow the intervals of the leaderboard most.
/// </summary>
/// <param name="index">The battles.</param>
/// <param name="threads">Threads to rate with.</param>
internal sealed class IndexBallots(BattleIndex index, int threads) : IBallotSource
{
    private const int VotesPlanned = 100;
    private const int MostPairs = 10;

    private readonly Lock _lock = new();
    private (long Battles, IReadOnlyList<NextPair> Pairs)? _planned;

    /// <inheritdoc/>
    public Battle? Draw(ulong draw) => At(BattleFilter.Everything, draw);

    /// <inheritdoc/>
    public Battle? DrawActive(ulong draw)
    {
        var pairs = Pairs();
        if (pairs.Count == 0)
            return null;
        var pair = pairs[(int)(draw % (ulong)pairs.Count)];
        return At(new BattleFilter { Models = [pair.One, pair.Other] }, draw / (ulong)pairs.Count);
    }

    private Battle? At(BattleFilter filter, ulong draw)
    {
        var total = index.Count(filter);
        return total > 0 && index.NumberAt(filter, (long)(draw % (ulong)total)) is { } number ? index.At(number)?.Battle : null;
    }

    /// <summary>The pairs, planned once for as many battles as there are; empty where the votes of the files give no ratings.</summary>
    private IReadOnlyList<NextPair> Pairs()
    {
        lock (_lock)
        {
            var battles = index.Progress.Battles;
            if (_planned?.Battles != battles)
                _planned = (battles, Plan());
            return _planned.Value.Pairs;
        }
    }

    private IReadOnlyList<NextPair> Plan()
    {
        if (Standings.VotesOf(index, BattleFilter.Everything) is not { } votes)
            return [];
        var rated = votes.Among(RateableVotes.Find(votes).IsRated);
        if (rated.Pairs == 0)
            return [];
        try
        {
            var pairs = NextPairs.Find(RatingFit.Of(rated), VotesPlanned, most: int.MaxValue, threads);
            return [.. pairs.Where(pair => pair.Battles > 0).Take(MostPairs)];
        }
        catch (TiebreakException)
        {
            return []; // a fit that does not converge plans nothing; the draws are then random ones
        }
    }
}
