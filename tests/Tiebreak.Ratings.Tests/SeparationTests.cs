using CsCheck;
using Tiebreak.Core.Randomness;
using Tiebreak.Ratings.Slices;

namespace Tiebreak.Ratings.Tests;

public sealed class SeparationTests
{
    [Fact]
    public void The_factor_that_drew_the_votes_lies_in_the_interval_about_as_often_as_it_says()
    {
        foreach (var factor in (double[])[0, 0.5, 1, 2])
        {
            var covered = Enumerable.Range(0, 200).Count(seed =>
            {
                var interval = Separation.Of(Draw(factor, 400, (ulong)seed))!.Interval;
                return interval.Lower <= factor && factor <= interval.Upper;
            });
            Assert.InRange(covered, 180, 199);
        }
    }

    [Fact]
    public void Exchanged_sides_say_the_same() => Gen.Select(Gen.Double[0.1, 2], Gen.Int[0, 2]).Array[1, 30].Sample(drawn =>
    {
        (double Difference, double Score)[] votes = [.. drawn.Select(vote => (vote.Item1, vote.Item2 / 2.0))];
        var one = Separation.Of(votes)!;
        var other = Separation.Of([.. votes.Select(vote => (-vote.Difference, 1 - vote.Score))])!;
        Assert.Equal(one.Factor, other.Factor, 1e-6);
        Assert.True(double.IsFinite(one.Factor) && one.Interval.Lower < one.Factor && one.Factor < one.Interval.Upper);
    });

    [Fact]
    public void Without_a_difference_nothing_is_said()
    {
        Assert.Null(Separation.Of([]));
        Assert.Null(Separation.Of([(0, 1), (0, 0.5)]));
    }

    private static (double Difference, double Score)[] Draw(double factor, int count, ulong seed)
    {
        var random = new SeededRandom(seed);
        var votes = new (double, double)[count];
        for (var i = 0; i < count; i++)
        {
            var difference = (4 * random.NextDouble()) - 2;
            votes[i] = (difference, random.NextDouble() < 1 / (1 + Math.Exp(-factor * difference)) ? 1 : 0);
        }

        return votes;
    }
}
