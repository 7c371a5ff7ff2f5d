namespace Tiebreak.Ratings.Leaderboards;

/// <summary>How often a leaderboard is looked at.</summary>
public enum HistoryPeriod
{
    /// <summary>Every Sunday night.</summary>
    Week,

    /// <summary>At the end of every month.</summary>
    Month,

    /// <summary>At the end of every quarter.</summary>
    Quarter,

    /// <summary>At the end of every year.</summary>
    Year,
}
