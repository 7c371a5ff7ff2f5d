using Tiebreak.Core.Battles;

namespace Tiebreak.Data.Submissions;

/// <summary>One row of a submission.</summary>
/// <param name="Id">The id of the battle, as written.</param>
/// <param name="Preference">The prediction.</param>
public readonly record struct SubmissionRow(string Id, Preference Preference);
