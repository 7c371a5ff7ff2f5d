using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Ratings.Fitting;
using Tiebreak.Ratings.Models;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.Ratings.Tests;

public sealed class ConnectivityTests
{
    [Theory]
    [InlineData("A>B:3 B>C:1 C>B:1", "A never lost to or tied with any of the other 2 models")]
    [InlineData("A>B:3 B>A:1 A>C:1", "C never beat or tied with any of the other 2 models")]
    [InlineData("A>B:3 B>A:1 C>D:1 D>C:1", "never met")]
    public void Models_that_stand_in_the_way_are_named(string games, string said)
    {
        var error = Assert.Throws<InputException>(() => RatingFit.Of(VoteCounts.Of(Games.Of(games))));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Contains("`penalty`", error.Message, StringComparison.Ordinal);
        Assert.All(
            RatingFit.Of(VoteCounts.Of(Games.Of(games)), penalty: 0.1).Strengths, strength => Assert.True(double.IsFinite(strength)));
    }

    [Fact]
    public void A_tie_connects_both_ways() =>
        Assert.True(Connectivity.Of(VoteCounts.Of(Games.Of("A>B:3 A=B:1"))).RatingsExist);

    [Fact]
    public void Votes_without_weight_connect_nothing()
    {
        var votes = Games.Of("A>B:1 B>A:1").WithWeights([1, 0]);
        Assert.False(Connectivity.Of(VoteCounts.Of(votes)).RatingsExist);
    }

    [Theory]
    [InlineData("A>B:1 B>A:1", RatingModel.RaoKupper, "No vote is a tie")]
    [InlineData("A>B:1 B>A:1", RatingModel.Davidson, "No vote is a tie")]
    [InlineData("A=B:2", RatingModel.Davidson, "All votes are ties")]
    [InlineData("A>B:1 B>A:1 A=B:1", RatingModel.GroundedRaoKupper, "both bad")]
    public void Outcomes_that_a_model_needs(string games, RatingModel model, string said) =>
        Assert.Contains(
            said,
            Assert.Throws<InputException>(() => RatingFit.Of(VoteCounts.Of(Games.Of(games)), model)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Votes_that_cannot_be_rated()
    {
        Assert.Throws<InputException>(() => VoteSet.Of([]));
        Assert.Throws<InputException>(() => VoteSet.Of([new Vote("A", "A", Verdict.A)]));
        Assert.Throws<InputException>(() => VoteSet.Of([new Vote("A", "B", Verdict.A), new Vote("B", "B", Verdict.A)]));
        Assert.Throws<InputException>(() => VoteSet.Of([new Vote("A", "B", Verdict.A, -1)]));
        Assert.Throws<InputException>(() => VoteSet.Of([new Vote("A", "B", Verdict.A, double.NaN)]));
    }
}
