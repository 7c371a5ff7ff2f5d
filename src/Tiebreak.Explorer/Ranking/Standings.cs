using Tiebreak.App.Ranking;
using Tiebreak.Core;
using Tiebreak.Explorer.Index;
using Tiebreak.Ratings.Diagnostics;
using Tiebreak.Ratings.Fitting;
using Tiebreak.Ratings.Leaderboards;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.Explorer.Ranking;

/// <summary>
/// Leaderboards from what the index counts: who met whom and won is all that a rating without style needs, so that any selection of battles
/// is rated in milliseconds.
/// </summary>
internal static class Standings
{
    private const int MostModels = 500;

    /// <summary>The votes of battles that meet a filter; null if there are none between two models.</summary>
    public static VoteCounts? VotesOf(BattleIndex index, BattleFilter filter)
    {
        var matrix = index.Matrix(filter, MostModels);
        var tallies = new List<PairTally>();
        for (var i = 0; i < matrix.Models.Count; i++)
        {
            for (var j = i + 1; j < matrix.Models.Count; j++)
            {
                var (battles, wins, losses) = ((int)matrix.Battles[i, j], (int)matrix.Wins[i, j], (int)matrix.Wins[j, i]);
                if (battles > 0)
                    tallies.Add(new PairTally(i, j, wins, losses, battles - wins - losses));
            }
        }

        if (tallies.Count == 0)
            return null;
        var votes = VoteCounts.Of(matrix.Models, tallies);
        return votes.Among([.. VoteRecord.Of(votes).Select(record => record.Battles > 0)]);
    }

    /// <summary>Rates the models of votes, as far as ratings exist.</summary>
    /// <exception cref="InputException">No two models can be compared.</exception>
    public static LeaderboardDocument Rank(VoteCounts votes, int threads)
    {
        var (isRated, unrated) = RateableVotes.Find(votes);
        var rated = votes.Among(isRated);
        if (rated.Pairs == 0)
        {
            throw new InputException("These votes give no model a rating: each has won or lost all of its battles.")
            {
                Code = ErrorCodes.RatingsUndefined,
            };
        }

        var board = Leaderboard.Of(rated, new LeaderboardOptions { Threads = threads });
        return new LeaderboardDocument(
            board, unrated, votes, features: null, () => PairMatrices.Of(board.Fit!, InOrder(board)), new Diagnosis([]),
            history: null, [], []);
    }

    private static int[] InOrder(Leaderboard board)
    {
        var places = board.Fit!.Counts.Models.Index().ToDictionary(model => model.Item, model => model.Index, StringComparer.Ordinal);
        return [.. board.Entries.Select(entry => places[entry.Model])];
    }
}
