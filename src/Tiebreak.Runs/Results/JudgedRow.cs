using Tiebreak.Core.Battles;

namespace Tiebreak.Runs.Results;

/// <summary>What a battle of a run got.</summary>
/// <param name="Preference">Its preference, calibrated.</param>
/// <param name="Source">What that was made of.</param>
/// <param name="NeitherAcceptable">See <see cref="RunResults.NeitherAcceptableOf"/>.</param>
/// <param name="AbstainedBy">See <see cref="RunResults.AbstainedBy"/>.</param>
internal sealed record JudgedRow(Preference Preference, RowSource Source, double? NeitherAcceptable, string? AbstainedBy);
