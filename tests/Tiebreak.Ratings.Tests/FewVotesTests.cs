using CsCheck;
using Tiebreak.Core.Battles;
using Tiebreak.Ratings.Fitting;
using Tiebreak.Ratings.Leaderboards;
using Tiebreak.Ratings.Uncertainty;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.Ratings.Tests;

public sealed class FewVotesTests
{
    private const string Known = "A>B:40 B>A:30 A=B:20 B>C:35 C>B:25 B=C:20 A>C:50 C>A:20 A=C:20";

    [Theory]
    [InlineData(IntervalKind.Sandwich)]
    [InlineData(IntervalKind.Bootstrap)]
    public void One_tie_says_next_to_nothing(IntervalKind intervals)
    {
        var options = new LeaderboardOptions { Intervals = intervals, Anchor = new Anchor("A", 1000) };
        var board = Leaderboard.Of(Games.Of($"{Known} N=A:1"), options);
        var newcomer = board.Entries.Single(entry => entry.Model is "N");
        Assert.InRange(newcomer.Interval.Upper - newcomer.Rating, 680, 1000);
        Assert.InRange(newcomer.Rating - newcomer.Interval.Lower, 680, 1000);
        Assert.Equal((new RankRange(1, 4), new RankRange(1, 4)), (newcomer.Ranks, newcomer.SimultaneousRanks));
    }

    [Fact]
    public void All_ties_share_a_rank_and_have_wide_intervals()
    {
        var board = Leaderboard.Of(Games.Of("A=B:1 A!C:1 B=C:1"), new LeaderboardOptions());
        Assert.All(board.Entries, entry =>
        {
            Assert.Equal(1, entry.Rank);
            Assert.Equal(new RankRange(1, 3), entry.SimultaneousRanks);
            Assert.InRange(entry.Interval.Upper - entry.Rating, 300, 400);
        });
    }

    [Fact]
    public void A_newcomer_without_a_loss_is_not_first_with_confidence()
    {
        var votes = Games.Of($"{Known} N>A:1 N>B:1 N>C:1");
        var newcomer = Leaderboard.Of(votes, new LeaderboardOptions { Penalty = 0.1 }).Entries[0];
        Assert.Equal("N", newcomer.Model);
        Assert.True(newcomer.Ranks.Worst > 1 && newcomer.SimultaneousRanks.Worst > 1);

        var rateable = RateableVotes.Of(votes, penalty: 0);
        Assert.Equal(("N", new VoteRecord(3, 3, 0)), rateable.Unrated.Select(model => (model.Model, model.Record)).Single());
        Assert.Equal(
            Leaderboard.Of(Games.Of(Known), new LeaderboardOptions()).Entries,
            Leaderboard.Of(votes.At(rateable.Rows).WithoutUnusedModels(), new LeaderboardOptions()).Entries);
        Assert.Empty(RateableVotes.Of(votes, penalty: 0.1).Unrated);
    }

    [Fact]
    public void Votes_counted_by_pair_are_rated_as_votes_one_by_one() =>
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 4], Gen.Enum<Verdict>()).List[1, 60].Sample(drawn =>
        {
            var met = drawn.Where(vote => vote.Item1 != vote.Item2).ToList();
            if (met.Count == 0)
                return;

            var votes = VoteSet.Of(met.Select(vote => new Vote($"{vote.Item1}", $"{vote.Item2}", vote.Item3)));
            var tallies = met.Select(vote => (A: IndexOf(vote.Item1), B: IndexOf(vote.Item2), Verdict: vote.Item3))
                .Select(vote => vote.A < vote.B ? vote : (A: vote.B, B: vote.A, Verdict: vote.Verdict.Swapped()))
                .GroupBy(vote => (vote.A, vote.B)).Select(pair => new PairTally(
                    pair.Key.A, pair.Key.B, Of(pair, Verdict.A), Of(pair, Verdict.B), Of(pair, Verdict.Tie), Of(pair, Verdict.BothBad)));
            var counts = VoteCounts.Of(votes.Models, [.. tallies]);
            Assert.Equal(votes.Counts.Votes, counts.Votes);

            var (isRated, unrated) = RateableVotes.Find(counts);
            var rateable = RateableVotes.Of(votes, penalty: 0);
            Assert.Equal(rateable.Unrated, unrated);
            if (rateable.Rows.Length > 0)
            {
                Assert.Equal(
                    Leaderboard.Of(votes.At(rateable.Rows).WithoutUnusedModels(), new LeaderboardOptions()).Entries,
                    Leaderboard.Of(counts.Among(isRated), new LeaderboardOptions()).Entries);
            }

            int IndexOf(int model) => votes.Models.Index().First(known => string.Equals(known.Item, $"{model}", StringComparison.Ordinal)).Index;

            static int Of(IEnumerable<(int A, int B, Verdict Verdict)> pair, Verdict verdict) => pair.Count(vote => vote.Verdict == verdict);
        });

    [Fact]
    public void No_interval_is_narrower_than_the_curvature_says() =>
        Gen.Select(
            Gen.Select(Gen.Int[0, 4], Gen.Int[0, 4], Gen.Enum<Verdict>()).List[1, 60], Gen.Double[0.01, 1], Gen.Bool).Sample(
            (drawn, penalty, isBootstrap) =>
            {
                var votes = drawn.Where(vote => vote.Item1 != vote.Item2)
                    .Select(vote => new Vote($"{vote.Item1}", $"{vote.Item2}", vote.Item3)).ToList();
                if (votes.Count == 0)
                    return;
                var board = Leaderboard.Of(VoteSet.Of(votes), new LeaderboardOptions
                {
                    Penalty = penalty,
                    Intervals = isBootstrap ? IntervalKind.Bootstrap : IntervalKind.Sandwich,
                    Rounds = 20,
                });
                var covariance = ModelCovariance.Of(board.Fit!, threads: 1).RelativeTo(board.Entries.Count, null);
                foreach (var entry in board.Entries)
                {
                    var place = board.Fit!.Counts.Models.ToList().IndexOf(entry.Model);
                    var reach = 1.959963984540054 * EloScale.PointsPerNat * Math.Sqrt(covariance[place, place]);
                    Assert.InRange(entry.Rating - entry.Interval.Lower, reach - 1e-6, double.PositiveInfinity);
                    Assert.InRange(entry.Interval.Upper - entry.Rating, reach - 1e-6, double.PositiveInfinity);
                }
            },
            iter: 200);

    [Fact]
    public void The_unit_of_weights_changes_no_interval()
    {
        var votes = Games.Of("A>B:3 B>A:2 A=C:4 C>B:5 B>C:1");
        var weights = Enumerable.Range(0, votes.Count).Select(i => 1 + (i % 3.0)).ToArray();
        var one = Leaderboard.Of(votes.WithWeights(weights), new LeaderboardOptions()).Entries;
        var other = Leaderboard.Of(
            votes.WithWeights(Array.ConvertAll(weights, weight => weight / 1000)), new LeaderboardOptions()).Entries;
        Assert.All(one.Zip(other), both => Assert.Equal(both.First.Interval.Upper, both.Second.Interval.Upper, 1e-4));
    }

    [Fact]
    public void A_small_share_of_many_votes_is_not_held_by_the_ridge()
    {
        // What is known about the newcomer does not depend on how many votes the others have among themselves.
        var few = Newcomer(Games.Of("A>B:40 B>A:30 N>A:5 A>N:5"));
        var many = Newcomer(Games.Of("A>B:400000 B>A:300000 N>A:5 A>N:5"));
        Assert.InRange(many / few, 0.95, 1);

        static double Newcomer(VoteSet votes)
        {
            var covariance = Sandwich.Covariance(RatingFit.Of(VoteCounts.Of(votes)), threads: 1);
            return new StrengthCovariance(covariance, covariance).OfDifference(0, 2);
        }
    }
}
