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
    /// <summary>See <see cref="JudgeOutcome.NeitherAcceptable"/>.</summary>
    public double? NeitherAcceptable { get; init; }

    /// <summary>See <see cref="JudgeOutcome.AbstainedBy"/>.</summary>
    public string? AbstainedBy { get; init; }

    public bool IsFailed => Failure is not null;

    /// <summary>The score of an outcome of one order.</summary>
    public static RowScore Of(JudgeOutcome outcome) => outcome.Failure is { } failure
        ? new RowScore(default, failure.Describe())
        : new RowScore(outcome.Second?.Swapped() ?? outcome.Preference, null)
        {
            NeitherAcceptable = outcome.NeitherAcceptable,
            AbstainedBy = outcome.AbstainedBy,
        };
}
