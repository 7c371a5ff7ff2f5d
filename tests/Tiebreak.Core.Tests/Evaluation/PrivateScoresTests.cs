using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Randomness;

namespace Tiebreak.Core.Tests.Evaluation;

/// <summary>Planted judges: losses with a known mean, on labelled battles and on a private test set that is drawn as well.</summary>
public sealed class PrivateScoresTests(ITestOutputHelper output)
{
    private const int Labelled = 600;
    private const int Private = 400;
    private const int Worlds = 1000;
    private const int OfPrompt = 3; // battles about one prompt, which share part of their loss

    [Fact]
    public void The_interval_of_the_private_difference_holds_in_95_percent_of_worlds()
    {
        var held = 0;
        for (var world = 0; world < Worlds; world++)
        {
            var random = new SeededRandom(3, (ulong)world);
            var labelled = Losses(ref random, Labelled, lead: 0.01);
            var future = Losses(ref random, Private, lead: 0.01);
            var interval = PrivateScores.Of(labelled, Groups(Labelled), Private).Difference(0, 1);
            var difference = future[0].Average() - future[1].Average();
            held += difference >= interval.Lower && difference <= interval.Upper ? 1 : 0;
        }

        output.WriteLine($"{held} of {Worlds}");
        Assert.InRange(held, 930, 970);
    }

    [Fact]
    public void The_chance_is_how_often_it_happens()
    {
        var worlds = new List<(double Chance, bool Happened)>();
        for (var world = 0; world < 2 * Worlds; world++)
        {
            // Nothing is known beforehand about who leads, and by how much.
            var random = new SeededRandom(4, (ulong)world);
            var lead = 0.4 * (random.NextDouble() - 0.5);
            var scores = PrivateScores.Of(Losses(ref random, Labelled, lead), Groups(Labelled), Private);
            var future = Losses(ref random, Private, lead);
            worlds.Add((scores.ChanceOfLower(0, 1), future[0].Average() < future[1].Average()));
        }

        foreach (var bin in worlds.GroupBy(world => Math.Min((int)(world.Chance * 4), 3)))
        {
            var (stated, happened) = (bin.Average(world => world.Chance), bin.Average(world => world.Happened ? 1.0 : 0));
            output.WriteLine($"stated {stated:F3}, happened {happened:F3} of {bin.Count()}");
            Assert.InRange(happened - stated, -3 * Math.Sqrt(0.25 / bin.Count()), 3 * Math.Sqrt(0.25 / bin.Count()));
        }
    }

    [Fact]
    public void Two_that_err_alike_are_a_worse_pair_than_two_that_do_not()
    {
        // The second is as good as the first and errs with it; the third is a little worse and errs by itself.
        var random = new SeededRandom(5);
        double[] first = [.. Enumerable.Range(0, 3000).Select(_ => random.NextDouble())];
        double[] second = [.. first.Select(loss => loss + (0.02 * (random.NextDouble() - 0.5)))];
        double[] drawn = [.. first.Select(_ => random.NextDouble())];
        double[] third = [.. drawn.Select(loss => loss - drawn.Average() + first.Average() + 0.001)];
        var scores = PrivateScores.Of([first, second, third], [.. Enumerable.Range(0, 3000)], 1000);
        var contest = scores.Contest(seed: 1, threads: -1);

        Assert.Equal(2, contest.Pairs[0].Other);
        Assert.True(contest.Pairs[^1] is { One: 0, Other: 1 });

        // Clark 1961, "The greatest of a finite set of random variables": the mean of the lower of two normal numbers.
        var deviation = (scores.Difference(0, 2).Upper - scores.Difference(0, 2).Lower) / 2 / 1.9608;
        var lead = (scores.Expected[0] - scores.Expected[2]) / deviation;
        var expected = (scores.Expected[0] * scores.ChanceOfLower(0, 2)) + (scores.Expected[2] * scores.ChanceOfLower(2, 0))
            - (deviation * Math.Exp(-lead * lead / 2) / Math.Sqrt(2 * Math.PI));
        Assert.Equal(expected, contest.Pairs.Single(pair => pair is { One: 0, Other: 2 }).ExpectedBest, 0.0003);

        var two = PrivateScores.Of([first, third], [.. Enumerable.Range(0, 3000)], 1000);
        Assert.Equal(two.ChanceOfLower(0, 1), two.Contest(seed: 2, threads: -1).ChanceOfBest[0], 0.015);
    }

    [Fact]
    public void Judges_that_say_the_same_have_even_chances()
    {
        double[] losses = [0.5, 1, 2];
        var scores = PrivateScores.Of([losses, losses], [0, 1, 2], 10);
        Assert.Equal(0.5, scores.ChanceOfLower(0, 1));
        Assert.Equal(1, scores.Correlation(0, 1), 12);
    }

    private static int[] Groups(int rows) => [.. Enumerable.Range(0, rows).Select(i => i / OfPrompt)];

    // The losses of two judges that share how hard a battle is; the first leads.
    private static double[][] Losses(ref SeededRandom random, int rows, double lead)
    {
        var (first, second, prompt) = (new double[rows], new double[rows], (0.0, 0.0));
        for (var i = 0; i < rows; i++)
        {
            if (i % OfPrompt == 0)
                prompt = (random.NextDouble(), random.NextDouble());
            var hard = 2 * random.NextDouble();
            first[i] = hard + prompt.Item1 + random.NextDouble() - lead;
            second[i] = hard + prompt.Item2 + random.NextDouble();
        }

        return [first, second];
    }
}
