using Tiebreak.App.Ranking;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Explorer.Index;
using Tiebreak.Ratings.Diagnostics;
using Tiebreak.Ratings.Fitting;
using Tiebreak.Ratings.Leaderboards;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.Explorer.Pages;

/// <summary>
/// Leaderboards from what the index counts: who met whom and won is all that a rating without style needs, so that any selection of battles
/// is rated in milliseconds.
/// </summary>
internal static class Standings
{
    private const int MostModels = 500;

    /// <summary>The votes of battles that meet a filter; null if there are none between two models.</summary>
    public static VoteSet? VotesOf(BattleIndex index, BattleFilter filter)
    {
        var matrix = index.Matrix(filter, MostModels);
        var (modelA, modelB, verdicts) = (new List<int>(), new List<int>(), new List<Verdict>());
        for (var i = 0; i < matrix.Models.Count; i++)
        {
            for (var j = i + 1; j < matrix.Models.Count; j++)
            {
                Add(i, j, Verdict.A, matrix.Wins[i, j]);
                Add(i, j, Verdict.B, matrix.Wins[j, i]);
                Add(i, j, Verdict.Tie, matrix.Battles[i, j] - matrix.Wins[i, j] - matrix.Wins[j, i]);
            }
        }

        return verdicts.Count == 0 ? null : new VoteSet(matrix.Models, [.. modelA], [.. modelB], [.. verdicts]).WithoutUnusedModels();

        void Add(int one, int other, Verdict verdict, long votes)
        {
            for (var vote = 0L; vote < votes; vote++)
            {
                modelA.Add(one);
                modelB.Add(other);
                verdicts.Add(verdict);
            }
        }
    }

    /// <summary>Rates the models of votes, as far as ratings exist.</summary>
    /// <exception cref="InputException">No two models can be compared.</exception>
    public static LeaderboardDocument Rank(VoteSet votes, int threads)
    {
        var options = new LeaderboardOptions { Threads = threads };
        var rateable = RateableVotes.Of(votes, penalty: 0);
        if (rateable.Rows.Length == 0)
        {
            throw new InputException("These votes give no model a rating: each has won or lost all of its battles.")
            {
                Code = ErrorCodes.RatingsUndefined,
            };
        }

        var rated = rateable.Unrated.Count == 0 ? votes : votes.At(rateable.Rows).WithoutUnusedModels();
        var board = Leaderboard.Of(rated, options);
        return new LeaderboardDocument(
            board, rateable.Unrated, votes, features: null, () => PairMatrices.Of(board.Fit!, InOrder(board)), new Diagnosis([]),
            history: null, [], []);
    }

    private static int[] InOrder(Leaderboard board)
    {
        var places = board.Fit!.Counts.Models.Index().ToDictionary(model => model.Item, model => model.Index, StringComparer.Ordinal);
        return [.. board.Entries.Select(entry => places[entry.Model])];
    }
}
