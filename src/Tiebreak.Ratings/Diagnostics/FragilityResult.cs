namespace Tiebreak.Ratings.Diagnostics;

/// <summary>How few votes have to go for one model to fall behind another.</summary>
/// <param name="Better">The model that is ahead.</param>
/// <param name="Worse">The model that gets ahead of it.</param>
/// <param name="Votes">The number of votes: verified by fitting without them; fewer might do, since not every set is tried.</param>
/// <param name="Share">Their share of all votes.</param>
/// <param name="Removed">Which votes.</param>
public sealed record FragilityResult(string Better, string Worse, int Votes, double Share, IReadOnlyList<RemovedVotes> Removed);
