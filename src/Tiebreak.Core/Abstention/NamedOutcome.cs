using System.Text.Json.Serialization;
using Tiebreak.Core.Battles;

namespace Tiebreak.Core.Abstention;

/// <summary>What a judge names when it answers, and so what can be wrong.</summary>
public enum NamedOutcome
{
    /// <summary>A, B or tie: wrong where people voted otherwise.</summary>
    [JsonStringEnumMemberName("three_way")]
    ThreeWay,

    /// <summary>The better of A and B: wrong where people preferred the other one. Battles that people call a tie do not count.</summary>
    [JsonStringEnumMemberName("decisive")]
    Decisive,
}

/// <summary>How outcomes are named and how uncertain that is.</summary>
internal static class NamedOutcomeExtensions
{
    /// <summary>What the judge names.</summary>
    public static Outcome Of(this NamedOutcome kind, Preference preference) => kind == NamedOutcome.ThreeWay
        ? preference.Top
        : preference.A >= preference.B ? Outcome.A : Outcome.B;

    /// <summary>Whether a label says if that was right.</summary>
    public static bool Counts(this NamedOutcome kind, Preference target) => kind == NamedOutcome.ThreeWay || target.Top != Outcome.Tie;

    /// <summary>The entropy of the outcomes that can be named, in nats: at most ln 3, or ln 2 of A and B alone.</summary>
    public static double EntropyOf(this NamedOutcome kind, Preference preference)
    {
        if (kind == NamedOutcome.ThreeWay)
            return Term(preference.A) + Term(preference.B) + Term(preference.Tie);
        var decisive = preference.A + preference.B;
        return decisive > 0 ? Term(preference.A / decisive) + Term(preference.B / decisive) : Math.Log(2);
    }

    private static double Term(double probability) => probability > 0 ? -probability * Math.Log(probability) : 0;
}
