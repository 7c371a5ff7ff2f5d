using System.Runtime.Intrinsics;
using Tiebreak.Core.Numerics;
using Tiebreak.Core.Randomness;
using Tiebreak.Ratings.Fitting;
using Tiebreak.Ratings.Leaderboards;
using Tiebreak.Ratings.Models;
using Tiebreak.Ratings.Uncertainty;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.Ratings.Tests;

public sealed class InvarianceTests
{
    private static readonly double[] Strengths = [1.2, .7, .3, .1, -.2, -.5, -.6, -1];

    public static TheoryData<RatingModel> Models => [.. Enum.GetValues<RatingModel>()];

    [Theory]
    [MemberData(nameof(Models))]
    public void Exchanging_sides_changes_nothing(RatingModel model)
    {
        var votes = Planted(model, 3000);
        Same(RatingFit.Of(VoteCounts.Of(votes), model).Strengths, RatingFit.Of(VoteCounts.Of(Games.Swapped(votes)), model).Strengths, 1e-9);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Repeating_votes_divides_errors_by_the_square_root(RatingModel model)
    {
        var votes = Planted(model, 3000);
        var (once, four) = (RatingFit.Of(VoteCounts.Of(votes), model), RatingFit.Of(VoteCounts.Of(Games.Repeated(votes, 4)), model));
        Same(once.Strengths, four.Strengths, 1e-8);
        Assert.All(Enumerable.Range(0, Strengths.Length), i =>
            Assert.Equal(2, Math.Sqrt(Sandwich.Covariance(once, threads: 2)[i, i] / Sandwich.Covariance(four, threads: 2)[i, i]), 1e-6));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Weights_are_numbers_of_votes(RatingModel model)
    {
        var votes = Planted(model, 2000);
        var weights = Enumerable.Range(0, votes.Count).Select(i => (double)(i % 3)).ToArray();
        var copies = votes.At([.. Enumerable.Range(0, votes.Count).SelectMany(i => Enumerable.Repeat(i, i % 3))]);
        Same(
            RatingFit.Of(VoteCounts.Of(votes.WithWeights(weights)), model).Strengths,
            RatingFit.Of(VoteCounts.Of(copies), model).Strengths,
            1e-8);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Planted_strengths_are_found(RatingModel model)
    {
        var fit = RatingFit.Of(VoteCounts.Of(Planted(model, 60_000)), model);
        Same(Strengths, fit.Strengths, 0.06);
        if (fit.TieParameter is { } tie)
            Assert.Equal(model == RatingModel.Davidson ? Math.Exp(.4) : .4, tie, 0.06);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Derivatives_are_those_of_the_loss(RatingModel model)
    {
        var counts = VoteCounts.Of(Planted(model, 500));
        var likelihood = Likelihood.Of(model, counts);
        var random = new SeededRandom(3);
        var x = Enumerable.Range(0, likelihood.Parameters).Select(_ => (2 * random.NextDouble()) - 1).ToArray();
        if (likelihood.HasTie)
            x[^1] = .7;
        var (gradient, hessian) = (new double[x.Length], new SquareMatrix(x.Length));
        likelihood.Evaluate(x, counts.Weights, gradient, hessian);
        AssertGradientOfLanes(likelihood, x, counts.Weights, gradient);
        for (var i = 0; i < x.Length; i++)
        {
            const double H = 1e-5;
            var (up, down) = (x.ToArray(), x.ToArray());
            (up[i], down[i]) = (x[i] + H, x[i] - H);
            var (gradientUp, gradientDown) = (new double[x.Length], new double[x.Length]);
            var slope = likelihood.Evaluate(up, counts.Weights, gradientUp, null)
                - likelihood.Evaluate(down, counts.Weights, gradientDown, null);
            Assert.Equal(slope / (2 * H), gradient[i], 1e-4);
            for (var j = 0; j < x.Length; j++)
                Assert.Equal((gradientUp[j] - gradientDown[j]) / (2 * H), hessian[i, j], 1e-4);
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Probabilities_sum_to_one_and_exchange(RatingModel model)
    {
        var fit = RatingFit.Of(VoteCounts.Of(Planted(model, 2000)), model);
        var (p, q) = (fit.Predict(0, 5), fit.Predict(5, 0));
        Assert.Equal(1, p.A + p.B + p.Tie + p.BothBad, 1e-12);
        Assert.Equal(p.A, q.B, 1e-12);
        Assert.Equal(p.Tie, q.Tie, 1e-12);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Sandwich_and_bootstrap_agree(RatingModel model)
    {
        var votes = Planted(model, 10_000);
        var options = new LeaderboardOptions { Model = model, Rounds = 1500 };
        var sandwich = Leaderboard.Of(votes, options).Entries;
        var bootstrap = Leaderboard.Of(votes, options with { Intervals = IntervalKind.Bootstrap }).Entries;
        Assert.All(sandwich.Zip(bootstrap), both =>
            Assert.Equal(
                1,
                (both.First.Interval.Upper - both.First.Interval.Lower) / (both.Second.Interval.Upper - both.Second.Interval.Lower),
                0.1));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Every_bootstrap_round_is_the_fit_to_the_votes_that_it_drew(RatingModel model)
    {
        var votes = Planted(model, 4000);
        var fit = RatingFit.Of(VoteCounts.Of(votes), model);
        var (draws, penalised) = Bootstrap.Run(fit, votes, clusters: null, rounds: 11, seed: 5, threads: 2, CancellationToken.None);
        Assert.Equal(0, penalised);
        var resampler = new Resampler(fit.Counts, votes, clusters: null);
        for (var round = 0; round < draws.Length; round++)
        {
            var (random, drawn, weights) =
                (new SeededRandom(5, (ulong)round), new double[resampler.Slots.Length], new double[fit.Counts.Weights.Length]);
            resampler.Draw(ref random, [], drawn);
            for (var place = 0; place < drawn.Length; place++)
                weights[resampler.Slots[place]] = drawn[place];
            Same(RatingFit.Of(fit.Counts.With(weights), model).Strengths, draws[round], 1e-5);
        }
    }

    [Fact]
    public void The_bootstrap_does_not_depend_on_threads()
    {
        var votes = Planted(RatingModel.RaoKupper, 2000);
        var options = new LeaderboardOptions { Intervals = IntervalKind.Bootstrap, Rounds = 50, Seed = 9 };
        Assert.Equal(
            Leaderboard.Of(votes, options with { Threads = 1 }).Entries.Select(entry => entry.Interval),
            Leaderboard.Of(votes, options with { Threads = 4 }).Entries.Select(entry => entry.Interval));
        Assert.NotEqual(
            Leaderboard.Of(votes, options).Entries.Select(entry => entry.Interval),
            Leaderboard.Of(votes, options with { Seed = 10 }).Entries.Select(entry => entry.Interval));
    }

    [Fact]
    public void Clusters_of_one_vote_are_no_clusters_and_repeated_votes_are_one()
    {
        var votes = Planted(RatingModel.BradleyTerry, 2000);
        var fit = RatingFit.Of(VoteCounts.Of(votes));
        var alone = Sandwich.Covariance(fit, votes, [.. Enumerable.Range(0, votes.Count)], threads: 2);
        var plain = Sandwich.Covariance(fit, threads: 2);
        Assert.Equal(plain[2, 2], alone[2, 2] * (votes.Count - 1) / votes.Count, 1e-10);

        // Three copies of each vote in one cluster know as much as one of them.
        var copies = Games.Repeated(votes, 3);
        int[] clusters = [.. Enumerable.Range(0, copies.Count).Select(i => i % votes.Count)];
        var clustered = Sandwich.Covariance(RatingFit.Of(VoteCounts.Of(copies)), copies, clusters, threads: 2);
        Assert.Equal(alone[2, 2], clustered[2, 2], 1e-8);
        Assert.True(Sandwich.Covariance(RatingFit.Of(VoteCounts.Of(copies)), threads: 2)[2, 2] < 0.4 * plain[2, 2]);
    }

    [Fact]
    public void A_composite_of_one_category_is_its_own_leaderboard()
    {
        var votes = Planted(RatingModel.BradleyTerry, 4000);
        var labels = Enumerable.Range(0, votes.Count).Select(i => i % 3 == 0 ? "x" : "y").ToArray();
        var composite = Leaderboard.OfComposite(
            votes, labels, new Dictionary<string, double> { ["x"] = 1, ["y"] = 0 }, new LeaderboardOptions()).Entries;
        var alone = Leaderboard.Of(
            votes.At([.. Enumerable.Range(0, votes.Count).Where(i => i % 3 == 0)]), new LeaderboardOptions()).Entries;
        Assert.All(composite.Zip(alone), both =>
        {
            Assert.Equal(both.Second.Rating, both.First.Rating, 0.01);
            Assert.Equal(both.Second.Interval.Lower, both.First.Interval.Lower, 0.05);
        });
    }

    [Fact]
    public void A_composite_does_not_depend_on_how_many_votes_a_category_has()
    {
        var (one, two) = (Planted(RatingModel.BradleyTerry, 2000), Games.Planted([.. Strengths.Select(strength => -strength)], 2000, 8));
        var (twice, weights) = (Games.Repeated(two, 2), new Dictionary<string, double> { ["x"] = 1, ["y"] = 2 });
        var once = Leaderboard.OfComposite(
            Joined(one, two), [.. Enumerable.Repeat("x", 2000), .. Enumerable.Repeat("y", 2000)], weights, new LeaderboardOptions());
        var more = Leaderboard.OfComposite(
            Joined(one, twice), [.. Enumerable.Repeat("x", 2000), .. Enumerable.Repeat("y", 4000)], weights, new LeaderboardOptions());
        Same(once.Entries.Select(entry => entry.Rating), more.Entries.Select(entry => entry.Rating), 1e-6);
        Assert.Equal("model-7", once.Entries[0].Model);
    }

    [Fact]
    public void Decay_halves_weights_with_every_half_life()
    {
        var votes = Games.Of("A>B:1 B>A:1 A>B:1");
        var start = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
        Assert.Equal([0.25, 0.5, 1], TimeDecay.Apply(votes, [start, start.AddDays(10), start.AddDays(20)], TimeSpan.FromDays(10)).Weights!);
    }

    // Eight rounds whose weights are multiples: so are their gradients.
    private static void AssertGradientOfLanes(Likelihood likelihood, double[] x, double[] weights, double[] expected)
    {
        int[] slots = [.. Enumerable.Range(0, weights.Length).Where(slot => weights[slot] > 0)];
        double[][] rounds = [.. Enumerable.Range(1, 8).Select(times => slots.Select(slot => times * weights[slot]).ToArray())];
        var statistics = new Vector512<double>[likelihood.Counts.Pairs * likelihood.Statistics];
        var gradient = new Vector512<double>[x.Length];
        likelihood.Fold(slots, rounds, statistics);
        likelihood.Gradient(Array.ConvertAll(x, Vector512.Create), statistics, gradient);
        for (var lane = 0; lane < 8; lane++)
            Same(expected.Select(value => (lane + 1) * value), gradient.Select(lanes => lanes[lane]), 1e-8);
    }

    private static VoteSet Planted(RatingModel model, int votes) => Games.Planted(
        model == RatingModel.GroundedRaoKupper ? [.. Strengths] : Strengths, votes, 5, model, .4);

    private static VoteSet Joined(VoteSet one, VoteSet other) =>
        new(one.Models, [.. one.ModelA, .. other.ModelA], [.. one.ModelB, .. other.ModelB], [.. one.Verdicts, .. other.Verdicts]);

    private static void Same(IEnumerable<double> expected, IEnumerable<double> actual, double tolerance) =>
        Assert.All(expected.Zip(actual), both => Assert.Equal(both.First, both.Second, tolerance));
}
