using Tiebreak.App.Ranking;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
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
    public static LeaderboardDocument Rank(VoteCounts votes, int threads) => Rank(votes, history: null, threads);

    /// <summary>Rates the models as they stood at the end of each period, by all votes cast until then.</summary>
    /// <param name="index">The battles.</param>
    /// <param name="filter">Which of them; those without a time are left out.</param>
    /// <param name="period">How often to look.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellationToken">Stops between periods.</param>
    /// <exception cref="InputException">No vote has a time, they fall into too many periods, or no two models can be compared.</exception>
    public static LeaderboardDocument Over(
        BattleIndex index, BattleFilter filter, HistoryPeriod period, int threads, CancellationToken cancellationToken)
    {
        var votes = index.VotesByPeriod(filter, period);
        var periods = votes.GroupBy(vote => vote.Period, StringComparer.Ordinal).ToList();
        if (periods.Count == 0)
            throw new InputException("No battle of this selection has two models, a vote, and a time of the vote.");
        if (periods.Count > LeaderboardHistory.MostPeriods)
            throw new InputException($"The votes fall into {periods.Count:N0} periods, which is too many to show. Take longer ones.");

        var until = new Dictionary<(int First, int Second), PairTally>();
        var models = votes.SelectMany(vote => new[] { vote.ModelA, vote.ModelB }).Distinct(StringComparer.Ordinal).ToList();
        var places = models.Index().ToDictionary(model => model.Item, model => model.Index, StringComparer.Ordinal);
        var (history, counts) = (new List<LeaderboardMoment>(), default(VoteCounts)!);
        foreach (var added in periods)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var vote in added)
            {
                var (a, b) = (places[vote.ModelA], places[vote.ModelB]);
                var pair = (First: Math.Min(a, b), Second: Math.Max(a, b));
                var tally = until.GetValueOrDefault(pair, new PairTally(pair.First, pair.Second, 0, 0, 0));
                until[pair] = vote.Winner.ToOutcome() switch
                {
                    Outcome.Tie => tally with { Ties = tally.Ties + vote.Count },
                    var won when (won is Outcome.A) == (a < b) => tally with { FirstWins = tally.FirstWins + vote.Count },
                    _ => tally with { SecondWins = tally.SecondWins + vote.Count },
                };
            }

            counts = VoteCounts.Of(models, [.. until.Values]);
            counts = counts.Among([.. VoteRecord.Of(counts).Select(record => record.Battles > 0)]);
            history.Add(Moment(added.Key, counts, threads));
        }

        return Rank(counts, history, threads);
    }

    private static LeaderboardMoment Moment(string period, VoteCounts votes, int threads)
    {
        var (isRated, unrated) = RateableVotes.Find(votes);
        var rated = votes.Among(isRated);
        return new LeaderboardMoment(
            period, votes.Votes.Sum(), rated.Pairs == 0 ? null : Leaderboard.Of(rated, new LeaderboardOptions { Threads = threads }),
            [.. unrated.Select(model => model.Model)]);
    }

    private static LeaderboardDocument Rank(VoteCounts votes, IReadOnlyList<LeaderboardMoment>? history, int threads)
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
            history, [], []);
    }

    private static int[] InOrder(Leaderboard board)
    {
        var places = board.Fit!.Counts.Models.Index().ToDictionary(model => model.Item, model => model.Index, StringComparer.Ordinal);
        return [.. board.Entries.Select(entry => places[entry.Model])];
    }
}
