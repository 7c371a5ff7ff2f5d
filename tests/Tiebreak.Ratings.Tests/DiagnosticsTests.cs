using Tiebreak.Core.Battles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Ratings.Comparison;
using Tiebreak.Ratings.Diagnostics;
using Tiebreak.Ratings.Fitting;
using Tiebreak.Ratings.Models;
using Tiebreak.Ratings.Slices;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.Ratings.Tests;

public sealed class DiagnosticsTests
{
    [Fact]
    public void The_removal_that_is_found_changes_the_top_and_one_vote_less_does_not()
    {
        var votes = Games.Planted([.5, .4, 0, -.4], 2000, 3);
        var fit = RatingFit.Of(VoteCounts.Of(votes));
        var result = Fragility.OfTop(fit)!;
        Assert.Equal(result.Votes, result.Removed.Sum(part => part.Votes));
        Assert.InRange(result.Votes, 1, 400);
        Assert.True(IsAhead(Without(fit.Counts, result.Removed, result.Votes), result.Worse, result.Better));
        Assert.False(IsAhead(Without(fit.Counts, result.Removed, result.Votes - 1), result.Worse, result.Better));
    }

    [Fact]
    public void No_smaller_set_exists_for_two_models()
    {
        // 12 wins against 10: three wins of the better one have to go.
        var fit = RatingFit.Of(VoteCounts.Of(Games.Of("A>B:12 B>A:10")));
        var result = Fragility.OfPair(fit, "B", "A")!;
        Assert.Equal(("A", "B", 3), (result.Better, result.Worse, result.Votes));
    }

    [Fact]
    public void A_voter_who_votes_at_random_is_named_and_honest_ones_are_not()
    {
        var votes = Games.Planted([1.5, .7, 0, -.7, -1.5], 4000, 5);
        var voters = Enumerable.Range(0, votes.Count).Select(i => $"voter {i % 40}").ToArray();
        var verdicts = votes.Verdicts.ToArray();
        for (var i = 0; i < votes.Count; i += 40)
            verdicts[i] = verdicts[i].Swapped();
        var turned = new VoteSet(votes.Models, votes.ModelA, votes.ModelB, verdicts);
        var found = OutlierVoters.Find(RatingFit.Of(VoteCounts.Of(turned), penalty: .01), turned, voters);
        Assert.Equal("voter 0", Assert.Single(found).Voter);
        Assert.True(found[0].Agreement < .4);
        Assert.Empty(OutlierVoters.Find(RatingFit.Of(VoteCounts.Of(votes)), votes, voters));
    }

    [Fact]
    public void A_ring_is_found_once()
    {
        var ring = Assert.Single(
            Cycles.Find(VoteCounts.Of(Games.Of("A>B:30 B>A:10 B>C:28 C>B:12 C>A:35 A>C:10 A>D:30 D>A:1 B>D:20 D>B:1"))));
        Assert.Equal(["A", "B", "C"], ring.Models);
        Assert.Equal([.75, .7, 35.0 / 45], ring.WinFractions);
    }

    [Fact]
    public void The_next_votes_go_where_least_is_known()
    {
        var fit = RatingFit.Of(VoteCounts.Of(Games.Of("A>B:300 B>A:280 B>C:310 C>B:290 C>D:3 D>C:2")));
        var pairs = NextPairs.Find(fit);
        Assert.All(pairs.Take(3), pair => Assert.True(pair.One is "D" || pair.Other is "D"));

        // What it promises is what more votes bring.
        var more = RatingFit.Of(VoteCounts.Of(Games.Of("A>B:300 B>A:280 B>C:310 C>B:290 C>D:63 D>C:42")));
        var promised = pairs.Single(pair => pair is { One: "D", Other: "C" }).Narrowing;
        Assert.Equal(1 - (Trace(more) / Trace(fit)), promised, .02);
    }

    [Fact]
    public void Matrices_count_and_exchange()
    {
        var matrices = PairMatrices.Of(RatingFit.Of(VoteCounts.Of(Games.WithTies)), [0, 1, 2]);
        Assert.Equal(40, matrices.Battles[0, 1]);
        Assert.Equal(20.0 / 30, matrices.WinFraction[0, 1], 1e-12);
        Assert.Equal(1, matrices.WinFraction[0, 1] + matrices.WinFraction[1, 0], 1e-12);
        Assert.Equal(.25, matrices.TieFraction[1, 0], 1e-12);
        Assert.Equal(1, matrices.Expected[0, 2] + matrices.Expected[2, 0], 1e-12);
        Assert.True(double.IsNaN(matrices.WinFraction[1, 1]));
    }

    [Fact]
    public void A_slice_that_ranks_differently_is_told_from_one_that_does_not()
    {
        var (one, two, turned) =
            (Games.Planted([1, .3, -.3, -1], 4000, 1), Games.Planted([1, .3, -.3, -1], 4000, 2), Games.Planted([-1, .3, -.3, 1], 2000, 3));
        var same = SliceComparison.Compare(Together(one, two), Parts(("x", 4000), ("y", 4000)), RatingModel.BradleyTerry, clusters: null);
        Assert.All(same, slice => Assert.InRange(slice.PValue, .01, 1));
        var other = SliceComparison.Compare(
            Together(one, turned), Parts(("x", 4000), ("y", 2000)), RatingModel.BradleyTerry, clusters: null);
        Assert.All(other, slice => Assert.InRange(slice.PValue, 0, 1e-6));
        var worst = other[1].Ratings.Single(rating => rating.Model is "model-0");
        Assert.True(worst.Difference < -200 && worst.PValue < 1e-6);
    }

    [Fact]
    public void The_test_of_slices_is_wrong_as_often_as_it_says()
    {
        var wrong = 0;
        for (var seed = 0UL; seed < 200; seed++)
        {
            var votes = Together(Games.Planted([.5, 0, -.5], 600, seed), Games.Planted([.5, 0, -.5], 400, seed + 1000));
            var slices = SliceComparison.Compare(votes, Parts(("x", 600), ("y", 400)), RatingModel.BradleyTerry, clusters: null);
            wrong += slices[0].PValue < .05 ? 1 : 0;
        }

        Assert.InRange(wrong, 2, 22);
    }

    [Fact]
    public void A_slice_with_too_few_votes_says_so()
    {
        var votes = Together(Games.Planted([1, 0], 500, 1), Games.Planted([1, 0], 1, 2));
        var slices = SliceComparison.Compare(votes, Parts(("x", 500), ("y", 1)), RatingModel.BradleyTerry, clusters: null);
        Assert.Contains("too few", slices[1].Note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RatingModel.RaoKupper, .9, "Rao-Kupper")]
    [InlineData(RatingModel.Davidson, .3, "Davidson")]
    [InlineData(RatingModel.GroundedRaoKupper, .3, "grounded Rao-Kupper")]
    public void The_model_that_made_the_votes_predicts_them_better(RatingModel model, double tie, string name)
    {
        var scores = RatingModelComparison.Run(
            Games.Planted([2.5, 1.5, .5, -.5, -1.5, -2.5], 20_000, 4, model, tie), clusters: null, seed: 1);
        Assert.Equal(name, scores[0].Name);
        Assert.True(scores[0].DifferenceInterval.Upper < 0);
        Assert.InRange(scores[0].WinCalibration, 0, .02);
        Assert.Equal("shares alone", scores[^1].Name);
    }

    private static VoteSet Together(VoteSet one, VoteSet other) =>
        new(one.Models, [.. one.ModelA, .. other.ModelA], [.. one.ModelB, .. other.ModelB], [.. one.Verdicts, .. other.Verdicts]);

    private static Slicing Parts(params (string Label, int Count)[] parts) =>
        Slicing.ByLabel("part", "Part", [.. parts.SelectMany(part => Enumerable.Repeat(part.Label, part.Count))]);

    private static double Trace(RatingFit fit)
    {
        var inverse = Uncertainty.Sandwich.InverseHessian(fit, threads: 2).RelativeTo(fit.Strengths.Count, reference: null);
        return inverse.Trace();
    }

    private static bool IsAhead(VoteCounts counts, string one, string other)
    {
        var strengths = RatingFit.Of(counts, penalty: 1e-4).Strengths;
        var names = counts.Models.ToList();
        return strengths[names.IndexOf(one)] > strengths[names.IndexOf(other)];
    }

    private static VoteCounts Without(VoteCounts counts, IReadOnlyList<RemovedVotes> removed, int votes)
    {
        var (weights, names) = (counts.Weights.ToArray(), counts.Models.ToList());
        foreach (var part in removed)
        {
            var taken = Math.Min(votes, part.Votes);
            weights[counts.SlotOf(names.IndexOf(part.Winner), names.IndexOf(part.Loser), part.IsTie ? Verdict.Tie : Verdict.A)] -= taken;
            votes -= taken;
        }

        return counts.With(weights);
    }
}
