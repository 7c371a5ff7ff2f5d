namespace Tiebreak.Core.Battles;

/// <summary>Verdicts in the words of the Arena's files: <c>model_a, model_b, tie, tie (bothbad)</c>.</summary>
internal static class VerdictText
{
    /// <summary>The Arena's word for a verdict.</summary>
    public static string Format(Verdict verdict) => verdict switch
    {
        Verdict.A => "model_a",
        Verdict.B => "model_b",
        Verdict.Tie => "tie",
        _ => "tie (bothbad)",
    };

    /// <summary>Reads a verdict; null or empty means that nobody voted.</summary>
    /// <exception cref="FormatException">A word that no known file uses: never silently a tie.</exception>
    public static Verdict? Parse(string? text) => text switch
    {
        null or "" => null,
        "model_a" => Verdict.A,
        "model_b" => Verdict.B,
        "tie" => Verdict.Tie,
        "tie (bothbad)" or "bothbad" or "both_bad" => Verdict.BothBad,
        _ => throw new FormatException($"has the unknown winner \"{text}\"; known are model_a, model_b, tie, tie (bothbad)"),
    };
}
