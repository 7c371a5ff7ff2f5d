using System.Globalization;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Randomness;
using Tiebreak.Ratings.Fitting;
using Tiebreak.Ratings.Leaderboards;
using Tiebreak.Ratings.Models;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.Ratings.Tests;

/// <summary>
/// How often intervals hold what they should. Strengths are drawn from a normal distribution with a standard deviation of 200 points, votes
/// between random models from a rating model with these strengths, and a leaderboard is made of them. Its intervals must hold the true
/// rating, less the mean of all that are rated; a model without a rating has an infinite interval.
/// </summary>
internal sealed record CoverageSimulation
{
    private const double StandardDeviation = 200;

    // At equal strengths a third of the votes are ties under each model.
    private const double ShareOfTies = 1.0 / 3;

    /// <summary>The rating model that votes are drawn from and fitted by.</summary>
    public RatingModel Model { get; init; } = RatingModel.BradleyTerry;

    /// <summary>Whether votes can be ties.</summary>
    public bool HasTies { get; init; }

    /// <summary>Factor of half the squared strengths.</summary>
    public double Penalty { get; init; }

    /// <summary>How intervals are found.</summary>
    public IntervalKind Intervals { get; init; }

    /// <summary>The seed.</summary>
    public ulong Seed { get; init; } = 18;

    /// <summary>Simulates leaderboards.</summary>
    /// <param name="models">Models of each.</param>
    /// <param name="votesPerModel">Votes that a model takes part in, on average.</param>
    /// <param name="runs">How many leaderboards.</param>
    public Coverage Run(int models, int votesPerModel, int runs)
    {
        var cells = new Coverage[runs];
        Parallel.For(0, runs, run =>
        {
            var random = new SeededRandom(Seed, ((ulong)run << 32) + (ulong)((models << 16) + votesPerModel));
            cells[run] = RunOnce(ref random, models, Math.Max(1, models * votesPerModel / 2));
        });
        return cells.Aggregate((one, other) =>
            new Coverage(one.Ratings + other.Ratings, one.Covered + other.Covered, one.Infinite + other.Infinite));
    }

    private Coverage RunOnce(ref SeededRandom random, int models, int count)
    {
        var strengths = new double[models];
        for (var i = 0; i < models; i++)
            strengths[i] = StandardDeviation / EloScale.PointsPerNat * Normal(ref random);
        var drawn = new Vote[count];
        for (var i = 0; i < count; i++)
        {
            var (a, b) = (random.Next(models), random.Next(models - 1));
            b += b >= a ? 1 : 0;
            drawn[i] = new Vote($"{a}", $"{b}", Games.Draw(Probabilities(strengths[a], strengths[b]), random.NextDouble()));
        }

        var votes = VoteSet.Of(drawn);
        var rateable = RateableVotes.Of(votes, Penalty);
        if (rateable.Rows.Length == 0 || Rate(votes.At(rateable.Rows).WithoutUnusedModels()) is not { } board)
            return new Coverage(votes.Models.Count, votes.Models.Count, votes.Models.Count);

        double Truth(LeaderboardEntry entry) => EloScale.Rating(strengths[int.Parse(entry.Model, CultureInfo.InvariantCulture)]);
        var shift = board.Entries.Average(Truth) - EloScale.Centre;
        var covered = board.Entries.Count(entry =>
            entry.Interval.Lower <= Truth(entry) - shift && Truth(entry) - shift <= entry.Interval.Upper);
        return new Coverage(votes.Models.Count, covered + rateable.Unrated.Count, rateable.Unrated.Count);
    }

    /// <summary>The leaderboard; null where the model has no fit, as with ties alone or without any.</summary>
    private Leaderboard? Rate(VoteSet votes)
    {
        try
        {
            return Leaderboard.Of(votes, new LeaderboardOptions
            {
                Model = Model,
                Penalty = Penalty,
                Intervals = Intervals,
                Rounds = Intervals == IntervalKind.Bootstrap ? 200 : 10,
                Threads = 1,
            });
        }
        catch (TiebreakException)
        {
            return null;
        }
    }

    private OutcomeProbabilities Probabilities(double a, double b)
    {
        if (Model == RatingModel.Davidson)
            return Davidson.Probabilities(a, b, Math.Log(2 * ShareOfTies / (1 - ShareOfTies)));
        if (Model == RatingModel.RaoKupper)
            return RaoKupper.Probabilities(a, b, Math.Log((1 + ShareOfTies) / (1 - ShareOfTies)));

        // Half-win ties: the expected score is the logistic function, whatever the share of ties.
        var p = BradleyTerry.Probabilities(a, b, 0);
        var tie = HasTies ? 4 * ShareOfTies * p.A * p.B : 0;
        return new OutcomeProbabilities(p.A - (tie / 2), p.B - (tie / 2), tie, 0);
    }

    // Box and Muller (1958).
    private static double Normal(ref SeededRandom random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}

/// <summary>What became of the intervals.</summary>
/// <param name="Ratings">Models of all leaderboards together.</param>
/// <param name="Covered">Those whose interval holds the truth.</param>
/// <param name="Infinite">Those among them without a rating.</param>
internal readonly record struct Coverage(int Ratings, int Covered, int Infinite)
{
    /// <summary>The share of intervals that hold the truth.</summary>
    public double Share => (double)Covered / Ratings;
}
