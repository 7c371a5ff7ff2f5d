namespace Tiebreak.Ratings.Leaderboards;

/// <summary>The leaderboard as it stood at the end of a period.</summary>
/// <param name="Period">The period, for instance 2024-05; a week by its Monday.</param>
/// <param name="Votes">The votes cast until then, all of which count.</param>
/// <param name="Board">The leaderboard; null where the votes did not determine the ratings of any two models.</param>
/// <param name="Unrated">Models that had votes, but not yet enough to be rated with the others.</param>
public sealed record LeaderboardMoment(string Period, int Votes, Leaderboard? Board, IReadOnlyList<string> Unrated);
