using Tiebreak.Core.Battles;

namespace Tiebreak.Data.Submissions;

/// <summary>The WSDM Cup's submission: <c>id,winner</c>, where the winner is <c>model_a</c> or <c>model_b</c> and never a tie.</summary>
internal static class WinnerForm
{
    public const string Column = "winner";

    public static IReadOnlyList<string> Header { get; } = ["id", Column];

    /// <summary>The word for the side that is more probable; A on equal probabilities.</summary>
    public static string Of(Preference preference) => VerdictText.Format(preference.A >= preference.B ? Verdict.A : Verdict.B);

    /// <summary>True for the two words that may stand in a submission.</summary>
    public static bool IsValid(string winner) => winner is "model_a" or "model_b";

    /// <summary>The word that was meant by a usual spelling of a side; null where it names none.</summary>
    public static string? Repaired(string winner) => winner.ToLowerInvariant() switch
    {
        "model_a" or "model a" or "a" or "left" or "response_a" => "model_a",
        "model_b" or "model b" or "b" or "right" or "response_b" => "model_b",
        _ => null,
    };
}
