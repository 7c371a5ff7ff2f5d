namespace Tiebreak.Hosting.Rating;

/// <summary>Responses to one prompt, to be ranked.</summary>
/// <param name="Prompt">What the person asked.</param>
/// <param name="Responses">Two to sixteen responses.</param>
internal sealed record RateRequest(string Prompt, IReadOnlyList<string> Responses);

/// <summary>Responses by strength.</summary>
/// <param name="Ranking">The responses, the best first.</param>
internal sealed record RateAnswer(IReadOnlyList<RatedResponse> Ranking);

/// <summary>A response and how strong it is among the others.</summary>
/// <param name="Index">Its place in the request, from 0 on.</param>
/// <param name="Strength">
/// Its Bradley-Terry strength in natural logarithms of odds; the strengths of a request have the mean 0.
/// </param>
/// <param name="BestProbability">
/// The probability that it is preferred to all others at once, by Luce's axiom of choice: the exponential of its strength over the sum of
/// those of all.
/// </param>
/// <param name="WinShare">The share of the others that it is preferred to, as the judge says; a tie counts half.</param>
internal sealed record RatedResponse(int Index, double Strength, double BestProbability, double WinShare);
