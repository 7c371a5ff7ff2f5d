using Tiebreak.Core.Battles;

namespace Tiebreak.Runs.Scoring;

/// <summary>What a judge said about one battle, or why it said nothing.</summary>
/// <param name="Preference">
/// The preference, where there is one; as the judge was asked (swapped in the second pass) and not calibrated.
/// </param>
/// <param name="Failure">Why there is none: a clause that a person can read.</param>
internal readonly record struct RowScore(Preference Preference, string? Failure)
{
    public bool IsFailed => Failure is not null;
}
