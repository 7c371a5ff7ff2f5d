using Tiebreak.Core.Metrics;

namespace Tiebreak.Ratings.Judged;

/// <summary>A rank correlation of the judge's leaderboard with people's.</summary>
/// <param name="Value">From -1 to 1.</param>
/// <param name="Interval">
/// Its 95 % interval: bias-corrected percentiles (Efron 1987), because noise in either leaderboard pulls the correlation down.
/// </param>
public sealed record RankAgreement(double Value, Interval Interval);
