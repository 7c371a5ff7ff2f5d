using Tiebreak.Core.Numerics;
using Tiebreak.Ratings.Fitting;
using Tiebreak.Ratings.Leaderboards;
using Tiebreak.Ratings.Models;
using Tiebreak.Ratings.Online;
using Tiebreak.Ratings.Uncertainty;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.Ratings.Tests;

/// <summary>Values that an independent solver gave, to four decimals.</summary>
public sealed class GoldenTests
{
    [Fact]
    public void Bradley_Terry_without_ties()
    {
        var fit = RatingFit.Of(VoteCounts.Of(Games.Wikipedia));
        Close([-.446545, .042403, -.415803, .819946], fit.Strengths, 5e-7);
        Close([922.4271, 1007.3661, 927.7676, 1142.4392], fit.Strengths.Select(EloScale.Rating));
    }

    [Fact]
    public void Sandwich_errors() => Close([94.5533, 84.1856, 91.7443, 108.3819], Errors(Sandwich.Covariance(Wikipedia, threads: 2)));

    [Fact]
    public void Errors_from_the_curvature() =>
        Close([95.2095, 83.6938, 90.4030, 107.9383], Errors(ModelCovariance.Of(Wikipedia, threads: 2).RelativeTo(4, null)));

    [Fact]
    public void Intervals_by_the_larger_error()
    {
        var entries = Leaderboard.Of(Games.Wikipedia, new LeaderboardOptions()).Entries
            .OrderBy(entry => entry.Model, StringComparer.Ordinal).ToList();
        Close([735.820, 842.365, 747.952, 930.015], entries.Select(entry => entry.Interval.Lower), 6e-4);
        Close([1109.034, 1172.367, 1107.583, 1354.864], entries.Select(entry => entry.Interval.Upper), 6e-4);
    }

    [Theory]
    [InlineData(IntervalKind.Sandwich)]
    [InlineData(IntervalKind.Bootstrap)]
    public void One_vote_and_a_penalty(IntervalKind intervals)
    {
        var board = Leaderboard.Of(Games.Of("A>B:1"), new LeaderboardOptions { Penalty = 0.1, Intervals = intervals });
        var winner = board.Entries[0];
        Assert.Equal(1184.8387, winner.Rating, 1e-4);
        Assert.InRange(winner.Interval.Lower, 0, 737.89);
        Assert.InRange(winner.Interval.Upper, 1631.78, double.PositiveInfinity);
        Assert.All(board.Entries, entry => Assert.Equal(new RankRange(1, 2), entry.Ranks));
        Assert.All(board.Entries, entry => Assert.Equal(new RankRange(1, 2), entry.SimultaneousRanks));
    }

    [Fact]
    public void Half_win_ties()
    {
        var fit = RatingFit.Of(VoteCounts.Of(Games.WithTies));
        Close([.532644, -.029903, -.502741], fit.Strengths, 5e-7);
        Close([1092.5297, 994.8054, 912.6649], fit.Strengths.Select(EloScale.Rating));
        var covariance = Sandwich.Covariance(fit, threads: 2);
        Close([23.4929, 25.2510, 25.5993], Enumerable.Range(0, 3).Select(i => EloScale.PointsPerNat * Math.Sqrt(covariance[i, i])));
    }

    [Fact]
    public void Anchored_to_a_model()
    {
        var board = Leaderboard.Of(Games.WithTies, new LeaderboardOptions { Anchor = Anchor.Parse("X=1114") });
        Close([1114, 1016.2757, 934.1353], board.Entries.Select(entry => entry.Rating));
        Assert.Equal(0, board.Entries[0].Interval.Upper - board.Entries[0].Interval.Lower, 1e-6);
    }

    [Theory]
    [InlineData(50, 1092.5297, 994.8054, 912.6649)]
    [InlineData(1, 1092.4699, 993.8165, 913.7136)]
    public void Reweighted_by_the_number_of_votes_of_a_pair(int minimum, params double[] ratings) =>
        Close(ratings, RatingFit.Of(VoteCounts.Of(PairReweighting.Apply(Games.WithTies, minimum))).Strengths.Select(EloScale.Rating));

    [Fact]
    public void Rao_and_Kupper()
    {
        var fit = RatingFit.Of(VoteCounts.Of(Games.WithTies), RatingModel.RaoKupper);
        Close([.55823, -.02677, -.53146, .55715], [.. fit.Strengths, fit.TieParameter!.Value], 6e-6);
        Close([-109.13999, .99218], [fit.LogLikelihood, -fit.LogLikelihood / 110], 6e-6);
    }

    [Fact]
    public void Davidson_ties()
    {
        var fit = RatingFit.Of(VoteCounts.Of(Games.WithTies), RatingModel.Davidson);
        Close([.72409, -.04036, -.68372, .69909], [.. fit.Strengths, fit.TieParameter!.Value], 6e-6);
        Close([-108.97058, .99064], [fit.LogLikelihood, -fit.LogLikelihood / 110], 6e-6);
    }

    [Fact]
    public void Online_Elo()
    {
        // The list that these values come with says Z > X for the third game; they follow only if X won it.
        var votes = Games.Of("X>Y:1 Y=Z:1 X>Z:1 Y>X:1 Y>Z:1 X>Z:1");
        Close([1003.919816, 1002.034139, 994.046046], OnlineElo.Rate(votes, OnlineElo.Order(votes, timestamps: null)), 6e-7);
        Close([.640065, .909091], [EloScale.ExpectedScore(100), EloScale.ExpectedScore(400)], 6e-7);
    }

    private static RatingFit Wikipedia => RatingFit.Of(VoteCounts.Of(Games.Wikipedia));

    private static IEnumerable<double> Errors(SquareMatrix covariance) =>
        Enumerable.Range(0, covariance.Size).Select(i => EloScale.PointsPerNat * Math.Sqrt(covariance[i, i]));

    private static void Close(IEnumerable<double> expected, IEnumerable<double> actual, double tolerance = 6e-5)
    {
        foreach (var (e, a) in expected.Zip(actual))
            Assert.Equal(e, a, tolerance);
        Assert.Equal(expected.Count(), actual.Count());
    }
}
