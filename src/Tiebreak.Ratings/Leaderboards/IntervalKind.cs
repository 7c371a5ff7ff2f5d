namespace Tiebreak.Ratings.Leaderboards;

/// <summary>How the uncertainty of ratings is found.</summary>
public enum IntervalKind
{
    /// <summary>From the robust covariance: milliseconds.</summary>
    Sandwich,

    /// <summary>From fits to votes drawn with replacement.</summary>
    Bootstrap,
}
