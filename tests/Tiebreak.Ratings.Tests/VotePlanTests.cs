using Tiebreak.Core.Randomness;
using Tiebreak.Ratings.Diagnostics;
using Tiebreak.Ratings.Leaderboards;
using Tiebreak.Ratings.Models;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.Ratings.Tests;

/// <summary>The votes of a plan are drawn from planted ratings, and the intervals are looked at again.</summary>
public sealed class VotePlanTests(ITestOutputHelper output)
{
    private static readonly double[] Strengths = [1.2, .8, .5, .1, -.2, -.5, -.8, -1.1];

    [Theory]
    [InlineData(RatingModel.BradleyTerry, 0, null)]
    [InlineData(RatingModel.BradleyTerry, 0, "model-2")]
    [InlineData(RatingModel.Davidson, .8, null)]
    [InlineData(RatingModel.RaoKupper, .5, null)]
    public void Intervals_are_as_wide_as_promised_once_the_votes_are_there(RatingModel model, double tie, string? anchor)
    {
        const double Target = 50;
        for (var seed = 0UL; seed < 10; seed++)
        {
            var votes = Unbalanced(Games.Planted(Strengths, 1500, seed, model, tie));
            var options = new LeaderboardOptions { Model = model, Rounds = 10, Anchor = new Anchor(anchor, 1000) };
            var plan = VotePlan.Of(Leaderboard.Of(votes, options), options, Target);
            var after = Leaderboard.Of(With(votes, plan, model, tie, seed), options).Entries
                .ToDictionary(entry => entry.Model, entry => entry.Interval.Upper - entry.Interval.Lower, StringComparer.Ordinal);

            output.WriteLine($"{votes.Count} votes, {plan.Votes} more on {plan.Pairs.Count} pairs: widest {after.Values.Max():F1}");
            Assert.True(plan.Votes > 0);
            Assert.All(plan.Widths, width => Assert.True(width.Then <= Target + 1e-9));
            Assert.InRange(after.Values.Max(), .9 * Target, 1.1 * Target);

            // A model with few votes may turn out to be nearer to the others than it seemed, so that votes tell more than was expected.
            Assert.All(plan.Widths, width => Assert.InRange(after[width.Model], .8 * width.Then, 1.1 * width.Then));
        }
    }

    [Fact]
    public void Equal_models_need_as_many_votes_as_theory_says()
    {
        // Every vote of n equal models tells 1/4 about a pair; with N votes evenly on all pairs a rating less the mean of all has the
        // variance 2 (n - 1)^2 / (n N).
        const int Models = 10;
        const double Target = 20;
        var votes = Games.Planted(new double[Models], 900, 7);
        var options = new LeaderboardOptions { Rounds = 10 };
        var plan = VotePlan.Of(Leaderboard.Of(votes, options), options, Target);
        var deviation = Target / 2 / 1.959964 / EloScale.PointsPerNat;
        var needed = 2 * (Models - 1) * (Models - 1) / (Models * deviation * deviation);
        output.WriteLine($"{plan.Votes} more, {needed:F0} in all");
        Assert.InRange(plan.Votes + votes.Count, .99 * needed, 1.06 * needed);
    }

    [Fact]
    public void Models_with_few_votes_get_most_of_them_and_the_plan_beats_even_votes()
    {
        var votes = Unbalanced(Games.Planted(Strengths, 3000, 3));
        var options = new LeaderboardOptions { Rounds = 10 };
        var plan = VotePlan.Of(Leaderboard.Of(votes, options), options, 50);
        Assert.True(plan.Pairs.Where(pair => pair.One is "model-7" || pair.Other is "model-7").Sum(pair => pair.Votes) > plan.Votes / 2);

        // As many votes on random pairs leave wider intervals.
        var even = Games.Planted(Strengths, (int)plan.Votes, 4);
        var after = Leaderboard.Of(Together(votes, even), options).Entries.Max(entry => entry.Interval.Upper - entry.Interval.Lower);
        Assert.True(after > 55, $"{after}");
    }

    [Fact]
    public void What_is_known_well_enough_needs_no_votes()
    {
        var options = new LeaderboardOptions { Rounds = 10 };
        var plan = VotePlan.Of(Leaderboard.Of(Games.Planted(Strengths, 2000, 1), options), options, 1000);
        Assert.Equal(0, plan.Votes);
        Assert.All(plan.Widths, width => Assert.Equal(width.Now, width.Then, 1e-9));
    }

    // The last model keeps a tenth of its votes.
    private static VoteSet Unbalanced(VoteSet votes) => votes.At([.. Enumerable.Range(0, votes.Count)
        .Where(row => row % 10 == 0 || (votes.ModelA[row] != Strengths.Length - 1 && votes.ModelB[row] != Strengths.Length - 1))]);

    private static VoteSet With(VoteSet votes, VotePlan plan, RatingModel model, double tie, ulong seed)
    {
        var random = new SeededRandom(seed, stream: 5);
        var (modelA, modelB, verdicts) = (new List<int>(), new List<int>(), new List<Core.Battles.Verdict>());
        foreach (var pair in plan.Pairs)
        {
            var (one, other) = (NumberOf(pair.One), NumberOf(pair.Other));
            for (var vote = 0; vote < pair.Votes; vote++)
            {
                modelA.Add(one);
                modelB.Add(other);
                verdicts.Add(Games.Draw(Games.Probabilities(model, Strengths[one], Strengths[other], tie), random.NextDouble()));
            }
        }

        return Together(votes, new VoteSet(votes.Models, [.. modelA], [.. modelB], [.. verdicts]));
    }

    private static VoteSet Together(VoteSet one, VoteSet other) => new(
        one.Models, [.. one.ModelA, .. other.ModelA], [.. one.ModelB, .. other.ModelB], [.. one.Verdicts, .. other.Verdicts]);

    private static int NumberOf(string model) => model[^1] - '0';
}
