namespace Tiebreak.Core.Battles;

/// <summary>One value for each outcome.</summary>
/// <param name="A">Where A wins.</param>
/// <param name="B">Where B wins.</param>
/// <param name="Tie">Where it is a tie.</param>
public sealed record PerOutcome<T>(T A, T B, T Tie);

/// <summary>Makes values for all outcomes.</summary>
public static class PerOutcome
{
    /// <summary>What a function says for each outcome.</summary>
    public static PerOutcome<T> Of<T>(Func<Outcome, T> value) => new(value(Outcome.A), value(Outcome.B), value(Outcome.Tie));

    /// <summary>The probabilities of a preference.</summary>
    public static PerOutcome<double> Of(Preference preference) => new(preference.A, preference.B, preference.Tie);
}
