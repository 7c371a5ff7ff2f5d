using Tiebreak.Core.Metrics;
using Tiebreak.Ratings.Uncertainty;

namespace Tiebreak.Ratings.Leaderboards;

/// <summary>One model of a leaderboard.</summary>
public sealed record LeaderboardEntry
{
    /// <summary>The name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Its rating, in Elo points.</summary>
    public required double Rating { get; init; }

    /// <summary>The interval of the rating.</summary>
    public required Interval Interval { get; init; }

    /// <summary>Its place by rating, from 1; equal ratings share one.</summary>
    public required int Rank { get; init; }

    /// <summary>The ranks that its interval allows, beside the intervals of the others.</summary>
    public required RankRange Ranks { get; init; }

    /// <summary>Ranks that hold for all models at once.</summary>
    public required RankRange SimultaneousRanks { get; init; }

    /// <summary>Votes that it took part in.</summary>
    public required int Battles { get; init; }

    /// <summary>Votes that it won.</summary>
    public required int Wins { get; init; }

    /// <summary>Votes that it lost.</summary>
    public required int Losses { get; init; }

    /// <summary>Votes that were a tie or both bad.</summary>
    public int Ties => Battles - Wins - Losses;
}
