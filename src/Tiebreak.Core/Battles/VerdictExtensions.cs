namespace Tiebreak.Core.Battles;

/// <summary>The two ways in which a verdict is read: as one of three outcomes, and with the sides exchanged.</summary>
public static class VerdictExtensions
{
    /// <summary>The outcome that a judge predicts: both bad counts as a tie.</summary>
    public static Outcome ToOutcome(this Verdict verdict) => verdict switch
    {
        Verdict.A => Outcome.A,
        Verdict.B => Outcome.B,
        _ => Outcome.Tie,
    };

    /// <summary>The verdict that says an outcome.</summary>
    internal static Verdict ToVerdict(this Outcome outcome) => (Verdict)(int)outcome;

    /// <summary>The verdict of the same vote with A and B exchanged.</summary>
    public static Verdict Swapped(this Verdict verdict) => verdict switch
    {
        Verdict.A => Verdict.B,
        Verdict.B => Verdict.A,
        _ => verdict,
    };
}
