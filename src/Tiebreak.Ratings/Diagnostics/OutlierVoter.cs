namespace Tiebreak.Ratings.Diagnostics;

/// <summary>A voter whose votes do not fit the ratings.</summary>
/// <param name="Voter">Who.</param>
/// <param name="Votes">How many votes.</param>
/// <param name="LogEvidence">
/// How much better random voting explains the votes than the ratings do: the logarithm of the ratio of probabilities.
/// </param>
/// <param name="Agreement">The share of decisive votes for the model with the higher rating.</param>
/// <param name="ShareOfFirst">The share of decisive votes for side A; near 0 or 1, the voter may have looked at the side only.</param>
public sealed record OutlierVoter(string Voter, int Votes, double LogEvidence, double Agreement, double ShareOfFirst);
