namespace Tiebreak.Ratings.Diagnostics;

/// <summary>Two models that should meet next.</summary>
/// <param name="One">A model.</param>
/// <param name="Other">Another.</param>
/// <param name="Battles">How often they have met.</param>
/// <param name="Narrowing">
/// By how much the sum of the variances of all ratings shrinks with so many more votes between them, from 0 to 1.
/// </param>
public sealed record NextPair(string One, string Other, int Battles, double Narrowing);
