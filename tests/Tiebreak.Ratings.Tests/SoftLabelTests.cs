using Tiebreak.Core.Battles;
using Tiebreak.Ratings.Fitting;
using Tiebreak.Ratings.Leaderboards;
using Tiebreak.Ratings.Models;
using Tiebreak.Ratings.Online;
using Tiebreak.Ratings.Uncertainty;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.Ratings.Tests;

public sealed class SoftLabelTests
{
    // What every vote says: halves and quarters, so that four copies of hard votes say the same.
    private static readonly Preference[] Labels = [new(.5, .25, .25), new(.75, 0, .25), new(0, .5, .5), new(.25, .75, 0)];

    public static TheoryData<RatingModel> Models => [RatingModel.BradleyTerry, RatingModel.RaoKupper, RatingModel.Davidson];

    [Theory]
    [MemberData(nameof(Models))]
    public void A_label_is_divided_among_the_outcomes(RatingModel model)
    {
        var (soft, hard) = Votes();
        var (one, other) = (RatingFit.Of(VoteCounts.Of(soft), model), RatingFit.Of(VoteCounts.Of(hard), model));
        Assert.All(one.Strengths.Zip(other.Strengths), both => Assert.Equal(both.First, both.Second, 1e-8));
        Assert.Equal(soft.Count, one.Counts.TotalWeight, 1e-9);
        Assert.Equal(soft.Count, one.Counts.Votes.Sum());

        // A label counts as one vote: the curvature is that of a vote, and a fourth of that of the four copies.
        var (ofOne, ofOther) = (ModelCovariance.Of(one, threads: 1), ModelCovariance.Of(other, threads: 1));
        Assert.Equal(4, ofOne.RelativeTo(3, null)[0, 0] / ofOther.RelativeTo(3, null)[0, 0], 1e-6);
    }

    [Theory]
    [InlineData(IntervalKind.Sandwich)]
    [InlineData(IntervalKind.Bootstrap)]
    public void Certain_labels_are_votes(IntervalKind intervals)
    {
        var votes = Games.Planted([.5, 0, -.5], 300, 4, RatingModel.RaoKupper, .5);
        var labelled = votes.WithSoftLabels(Array.ConvertAll(votes.Verdicts, verdict => Preference.Certain(verdict.ToOutcome())));
        var options = new LeaderboardOptions { Intervals = intervals, Rounds = 400 };
        Assert.All(Leaderboard.Of(votes, options).Entries.Zip(Leaderboard.Of(labelled, options).Entries), both =>
        {
            Assert.Equal(both.First.Rating, both.Second.Rating, 1e-6);

            // The sandwich corrects for the number of clusters, the bootstrap draws otherwise.
            Assert.Equal(1, Width(both.First) / Width(both.Second), intervals == IntervalKind.Bootstrap ? .15 : .01);
        });
        Assert.Equal(
            OnlineElo.Rate(votes, OnlineElo.Order(votes, null)), OnlineElo.Rate(labelled, OnlineElo.Order(labelled, null)));

        static double Width(LeaderboardEntry entry) => entry.Interval.Upper - entry.Interval.Lower;
    }

    [Fact]
    public void The_order_of_sides_does_not_matter()
    {
        var (soft, _) = Votes();
        var swapped = new VoteSet(
            soft.Models, soft.ModelB, soft.ModelA, Array.ConvertAll(soft.Verdicts, verdict => verdict.Swapped()),
            softLabels: Array.ConvertAll(soft.SoftLabels!, label => label.Swapped()));
        Assert.All(
            Leaderboard.Of(soft, new LeaderboardOptions()).Entries.Zip(Leaderboard.Of(swapped, new LeaderboardOptions()).Entries),
            both => Assert.Equal(both.First.Interval.Upper, both.Second.Interval.Upper, 1e-6));
    }

    private static (VoteSet Soft, VoteSet Hard) Votes()
    {
        (string A, string B)[] pairs = [("x", "y"), ("y", "z"), ("x", "z")];
        var (soft, labels, hard) = (new List<Vote>(), new List<Preference>(), new List<Vote>());
        for (var i = 0; i < 24; i++)
        {
            var ((a, b), label) = (pairs[i % 3], Labels[i % 4]);
            soft.Add(new Vote(a, b, label.Top.ToVerdict()));
            labels.Add(label);
            foreach (var outcome in Enum.GetValues<Outcome>())
                hard.AddRange(Enumerable.Repeat(new Vote(a, b, outcome.ToVerdict()), (int)(4 * label[outcome])));
        }

        return (VoteSet.Of(soft).WithSoftLabels([.. labels]), VoteSet.Of(hard));
    }
}
