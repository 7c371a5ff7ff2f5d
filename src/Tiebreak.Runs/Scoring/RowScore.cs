using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;

namespace Tiebreak.Runs.Scoring;

/// <summary>What a judge said about one battle in one pass, or why it said nothing, as results keep it.</summary>
/// <param name="Preference">
/// The preference, where there is one: not calibrated, and of the second pass as the judge read the battle, with A and B exchanged.
/// </param>
/// <param name="Failure">Why there is none: a clause that a person can read.</param>
internal readonly record struct RowScore(Preference Preference, string? Failure)
{
    public bool IsFailed => Failure is not null;

    /// <summary>The score of an outcome of one order.</summary>
    public static RowScore Of(JudgeOutcome outcome) => outcome switch
    {
        { Failure: { } failure } => new RowScore(default, failure.Describe()),
        { Second: { } second } => new RowScore(second.Swapped(), null),
        _ => new RowScore(outcome.Preference, null),
    };
}
