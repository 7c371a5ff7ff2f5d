using System.Runtime.Intrinsics;
using Tiebreak.Core.Metrics;
using Tiebreak.Core.Randomness;
using Tiebreak.Ratings.Leaderboards;
using Tiebreak.Ratings.Uncertainty;

namespace Tiebreak.Ratings.Tests;

public sealed class UncertaintyTests
{
    [Theory]
    [InlineData(3, 0, 5, 2)]
    [InlineData(700, 0, 50, 1250, 7, 7)]
    [InlineData(0, 70_000, 1, 400)]
    public void Draws_are_multinomial(params int[] counts)
    {
        const int Rounds = 20_000;
        var sampler = new MultinomialSampler(counts);
        var (sums, products) = (new double[counts.Length], new double[counts.Length]);
        var drawn = new double[counts.Length];
        for (var round = 0; round < Rounds; round++)
        {
            var random = new SeededRandom(7, (ulong)round);
            sampler.Draw(ref random, drawn);
            Assert.Equal(sampler.Total, drawn.Sum());
            for (var i = 0; i < counts.Length; i++)
            {
                sums[i] += drawn[i];
                products[i] += drawn[i] * drawn[0];
            }
        }

        for (var i = 0; i < counts.Length; i++)
        {
            var (share, first, total) = ((double)counts[i] / sampler.Total, (double)counts[0] / sampler.Total, sampler.Total);
            var covariance = (products[i] / Rounds) - (sums[i] / Rounds * (sums[0] / Rounds));
            var expected = i == 0 ? total * first * (1 - first) : -total * first * share;
            var deviation = Math.Sqrt(total * share * (1 - share));
            Assert.Equal(counts[i], sums[i] / Rounds, 5 * deviation / Math.Sqrt(Rounds));
            Assert.Equal(expected, covariance, 5 * total * Math.Max(0.01, share) / Math.Sqrt(Rounds));
        }
    }

    [Fact]
    public void Rank_ranges_from_intervals()
    {
        Interval[] intervals = [new(10, 12), new(11, 13), new(5, 6), new(6.5, 7)];
        Assert.Equal([new(1, 2), new(1, 2), new(4, 4), new(3, 3)], RankRanges.FromIntervals(intervals));
    }

    [Fact]
    public void Simultaneous_ranks_hold_for_all_models_at_once()
    {
        // Six equal models: a range that excludes a rank anywhere is wrong. In 200 sets of votes that may happen in about 10.
        var wrong = 0;
        for (var seed = 0UL; seed < 200; seed++)
        {
            var board = Leaderboard.Of(Games.Planted(new double[6], 1500, seed), new LeaderboardOptions { Rounds = 400, Seed = seed });
            wrong += board.Entries.All(entry => entry.SimultaneousRanks is { Best: 1, Worst: 6 }) ? 0 : 1;
        }

        Assert.InRange(wrong, 1, 22);
    }

    [Fact]
    public void Clear_differences_leave_one_rank()
    {
        var board = Leaderboard.Of(Games.Planted([2, 0, -2], 3000, 1), new LeaderboardOptions());
        Assert.Equal(["model-0", "model-1", "model-2"], board.Entries.Select(entry => entry.Model));
        Assert.Equal([new(1, 1), new(2, 2), new(3, 3)], board.Entries.Select(entry => entry.SimultaneousRanks));
    }

    [Fact]
    public void Sandwich_intervals_cover_the_truth()
    {
        double[] strengths = [.6, .2, 0, -.3, -.5];
        var (covered, all) = (0, 0);
        for (var seed = 0UL; seed < 120; seed++)
        {
            foreach (var entry in Leaderboard.Of(Games.Planted(strengths, 800, seed), new LeaderboardOptions { Rounds = 10 }).Entries)
            {
                var truth = EloScale.Rating(strengths[entry.Model[^1] - '0']);
                covered += entry.Interval.Lower <= truth && truth <= entry.Interval.Upper ? 1 : 0;
                all++;
            }
        }

        Assert.InRange((double)covered / all, 0.92, 0.98);
    }

    [Fact]
    public void Eight_exponentials_are_exponentials()
    {
        for (var x = -40.0; x < 40; x += .0137)
        {
            Assert.All(Enumerable.Range(0, 8), lane =>
                Assert.Equal(1, Models.Exponential.Of(Vector512.Create(x) + Vector512<double>.Indices)[lane] / Math.Exp(x + lane), 4e-15));
        }

        Assert.Equal(Math.Exp(-700), Models.Exponential.Of(Vector512.Create(double.NegativeInfinity))[0], 1e-300);
    }
}
