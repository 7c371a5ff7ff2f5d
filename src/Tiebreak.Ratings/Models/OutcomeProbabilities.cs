using Tiebreak.Core.Battles;

namespace Tiebreak.Ratings.Models;

/// <summary>What a rating model expects of a vote.</summary>
/// <param name="A">Probability that A wins.</param>
/// <param name="B">Probability that B wins.</param>
/// <param name="Tie">Probability of a tie; both bad included, unless the model tells them apart.</param>
/// <param name="BothBad">Probability of both bad; 0 if the model does not tell them apart.</param>
public readonly record struct OutcomeProbabilities(double A, double B, double Tie, double BothBad)
{
    /// <summary>The same as three outcomes.</summary>
    public Preference ToPreference() => Preference.Normalised(A, B, Tie + BothBad);
}
