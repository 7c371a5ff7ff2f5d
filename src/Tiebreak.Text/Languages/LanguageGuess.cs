namespace Tiebreak.Text.Languages;

/// <summary>The language that a text seems to be in.</summary>
/// <param name="Name">The English name as the Arena writes it ("English", "Chinese", "Russian"), or <see cref="Unknown"/>.</param>
/// <param name="Confidence">
/// 0 (unknown) to 1: grows with the evidence and with its distance to the second language. Not a calibrated probability.
/// </param>
public readonly record struct LanguageGuess(string Name, double Confidence)
{
    /// <summary>The name for texts that cannot be told: code, digits, signs, too few words.</summary>
    public const string Unknown = "unknown";

    /// <summary>Whether a language was found.</summary>
    public bool IsKnown => Name is not Unknown;
}
