using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Randomness;
using Tiebreak.Ratings.Contextual;
using Tiebreak.Ratings.Fitting;
using Tiebreak.Ratings.Leaderboards;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.Ratings.Tests;

public sealed class ContextualTests
{
    private static readonly double[] Strengths = [.8, .3, 0, -.4, -.7];

    [Fact]
    public void A_planted_coefficient_is_found_and_a_large_penalty_would_shrink_it()
    {
        var (votes, features) = Planted(40_000, .25, -.1);
        var coefficients = ContextualFit.Of(votes, features).Coefficients();
        Assert.InRange(.25, coefficients[0].Interval.Lower, coefficients[0].Interval.Upper);
        Assert.InRange(-.1, coefficients[1].Interval.Lower, coefficients[1].Interval.Upper);
        Assert.InRange(coefficients[0].Interval.Upper - coefficients[0].Interval.Lower, .02, .06);

        // The penalty of arena-rank, half a squared coefficient on the mean of the losses.
        Assert.InRange(ContextualFit.Of(votes, features, penalty: votes.Count).Coefficients()[0].Value, .03, .07);
    }

    [Fact]
    public void Without_differences_in_features_it_is_Bradley_Terry()
    {
        var (votes, features) = Planted(3000, 0, 0);
        var plain = RatingFit.Of(VoteCounts.Of(votes));
        var shrunk = ContextualFit.Of(votes, features, penalty: 1e12);
        Assert.All(plain.Strengths.Zip(shrunk.Strengths), both => Assert.Equal(both.First, both.Second, 1e-6));
        var board = Leaderboard.Of(shrunk, new LeaderboardOptions());
        var reference = Leaderboard.Of(votes, new LeaderboardOptions());

        // The sandwich without features has a ridge.
        Assert.All(board.Entries.Zip(reference.Entries), both => Assert.Equal(both.First.Interval.Upper, both.Second.Interval.Upper, 3e-3));
    }

    [Fact]
    public void Exchanging_sides_changes_nothing()
    {
        var (votes, features) = Planted(3000, .4, .2);
        var swapped = FeatureTable.Of(features.Names, [.. features.Values.Select(value => -value)]);
        var (one, other) = (ContextualFit.Of(votes, features), ContextualFit.Of(Games.Swapped(votes), swapped));
        Assert.All(one.Strengths.Zip(other.Strengths), both => Assert.Equal(both.First, both.Second, 1e-9));
        Assert.All(one.Coefficients().Zip(other.Coefficients()), both => Assert.Equal(both.First.Value, both.Second.Value, 1e-9));
    }

    [Fact]
    public void Threads_and_single_clusters_change_nothing()
    {
        var (votes, features) = Planted(2000, .4, .2);
        Assert.Equal(ContextualFit.Of(votes, features, threads: 1).Strengths, ContextualFit.Of(votes, features, threads: 4).Strengths);
        var fit = ContextualFit.Of(votes, features);
        var (plain, clustered) = (fit.Coefficients(), fit.Coefficients(clusters: [.. Enumerable.Range(0, votes.Count)]));
        Assert.All(plain.Zip(clustered), both => Assert.Equal(both.First.Interval.Lower, both.Second.Interval.Lower, 1e-6));
    }

    [Fact]
    public void Held_out_votes_tell_whether_features_help()
    {
        var (votes, features) = Planted(8000, .4, 0);
        Assert.True(FeatureGains.Measure(votes, features, clusters: null, seed: 1).DifferenceInterval.Upper < 0);
        var (indifferent, noise) = Planted(8000, 0, 0);
        Assert.True(FeatureGains.Measure(indifferent, noise, clusters: null, seed: 1).DifferenceInterval.Upper > 0);
    }

    [Fact]
    public void Style_is_counted_in_the_texts()
    {
        Battle[] battles =
        [
            new() { Id = "1", Turns = [new Turn("Say something.", "# Title\n\n- one\n- two\n\n**bold** words and words", "plain words")] },
            new()
            {
                Id = "2",
                Turns = [new Turn("Say something.", "plain words", "```\n# no title\n- no list\n```\nplain words and some more of them")],
            },
        ];
        var table = StyleFeatures.Of(battles, ["length", "headers", "lists", "bold", "code", "position"], threads: 1);
        var first = table.Values[..6];
        Assert.All(first[..4], value => Assert.True(value > 0));
        Assert.Equal(0, first[4]);
        Assert.Equal([0, 0, 0], table.Values[7..10]);
        Assert.True(table.Values[6] < 0 && table.Values[10] < 0);
        Assert.Equal(table.Values[5], table.Values[11]);
    }

    [Fact]
    public void Features_that_say_nothing_are_refused()
    {
        Assert.Contains("headers", Assert.Throws<InputException>(() =>
            StyleFeatures.Of([new Battle { Id = "1", Turns = [new Turn("p", "a", "b")] }], ["headers"], 1)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "nonsense", Assert.Throws<InputException>(() => StyleFeatures.Of([], ["nonsense"], 1)).Message, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => FeatureTable.Of(["f"], [1, double.NaN]));
    }

    private static (VoteSet Votes, FeatureTable Features) Planted(int count, double first, double second)
    {
        var random = new SeededRandom(11);
        var (modelA, modelB, verdicts, values) = (new int[count], new int[count], new Verdict[count], new double[2 * count]);
        for (var i = 0; i < count; i++)
        {
            modelA[i] = random.Next(5);
            modelB[i] = (modelA[i] + 1 + random.Next(4)) % 5;
            values[2 * i] = (random.NextDouble() < .5 ? -1 : 1) * 3;
            values[(2 * i) + 1] = random.NextDouble() < .5 ? -2 : 2;
            var logit = Strengths[modelA[i]] - Strengths[modelB[i]] + (first * Math.Sign(values[2 * i]))
                + (second * Math.Sign(values[(2 * i) + 1]));
            verdicts[i] = random.NextDouble() < 1 / (1 + Math.Exp(-logit)) ? Verdict.A : Verdict.B;
        }

        return (new VoteSet(["a", "b", "c", "d", "e"], modelA, modelB, verdicts), FeatureTable.Of(["one", "two"], values));
    }
}
