namespace Tiebreak.Client;

/// <summary>A response and how strong it is among the others.</summary>
/// <param name="Index">Its place among the responses that were sent, from 0 on.</param>
/// <param name="Strength">Its Bradley-Terry strength in natural logarithms of odds; the mean of all is 0.</param>
/// <param name="BestProbability">The probability that it is preferred to all others at once.</param>
/// <param name="WinShare">The share of the others that it is preferred to; a tie counts half.</param>
public sealed record RankedResponse(int Index, double Strength, double BestProbability, double WinShare);
