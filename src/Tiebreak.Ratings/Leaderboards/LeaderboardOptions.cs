using Tiebreak.Ratings.Models;

namespace Tiebreak.Ratings.Leaderboards;

/// <summary>How a leaderboard is made.</summary>
public sealed record LeaderboardOptions
{
    /// <summary>The rating model. Default: Bradley-Terry.</summary>
    public RatingModel Model { get; init; } = RatingModel.BradleyTerry;

    /// <summary>How intervals are found. Default: the sandwich.</summary>
    public IntervalKind Intervals { get; init; } = IntervalKind.Sandwich;

    /// <summary>Bootstrap rounds, and draws for simultaneous ranks. Default: 1,000.</summary>
    public int Rounds { get; init; } = 1000;

    /// <summary>The confidence of intervals. Default: 0.95.</summary>
    public double Level { get; init; } = 0.95;

    /// <summary>Factor of half the squared strengths, added to minus the log-likelihood. Default: 0.</summary>
    public double Penalty { get; init; }

    /// <summary>What fixes the level. Default: the mean is 1000.</summary>
    public Anchor Anchor { get; init; } = Anchor.Mean;

    /// <summary>
    /// The cluster of each vote, numbered from 0, if votes of one prompt or voter depend on each other. Default: they do not.
    /// </summary>
    public int[]? Clusters { get; init; }

    /// <summary>Seed of every random choice. Default: 0.</summary>
    public ulong Seed { get; init; }

    /// <summary>Threads to use; the result does not depend on it. Default: one per processor.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}

/// <summary>How the uncertainty of ratings is found.</summary>
public enum IntervalKind
{
    /// <summary>From the robust covariance: milliseconds.</summary>
    Sandwich,

    /// <summary>From fits to votes drawn with replacement.</summary>
    Bootstrap,
}
