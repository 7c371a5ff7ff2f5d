using System.Globalization;

namespace Tiebreak.Core.Battles;

/// <summary>
/// One person's vote as <see cref="Battle.Annotators"/> has it: a word for the verdict, and in brackets how strong the preference is where
/// the source grades it: <c>model_a (3)</c>.
/// </summary>
/// <param name="Verdict">What the person voted.</param>
/// <param name="Strength">How much better the winner is, from 1 to 9; null for a tie, and where the source does not grade.</param>
internal readonly record struct AnnotatorVote(Verdict Verdict, int? Strength = null)
{
    private const int Strongest = 9;

    /// <summary>The vote on an ordered scale: below 0 for A, 0 for a tie, above 0 for B.</summary>
    public int Grade => Verdict switch { Verdict.A => -(Strength ?? 1), Verdict.B => Strength ?? 1, _ => 0 };

    /// <summary>The vote as files have it.</summary>
    public string Format() => Strength is { } strength
        ? string.Create(CultureInfo.InvariantCulture, $"{VerdictText.Format(Verdict)} ({strength})")
        : VerdictText.Format(Verdict);

    /// <summary>Reads a vote in any spelling of verdicts.</summary>
    /// <param name="text">The vote as the source writes it.</param>
    /// <param name="battle">The battle, whose models a vote may name.</param>
    /// <returns>The vote, or null where the text names none.</returns>
    public static AnnotatorVote? Parse(string text, Battle battle)
    {
        var (word, strength) = Split(text);
        return VerdictText.TryParse(word, words: null, battle.ModelA, battle.ModelB, out var verdict) && verdict is { } known
            ? new AnnotatorVote(known, known is Verdict.A or Verdict.B ? strength : null)
            : null;
    }

    private static (string Word, int? Strength) Split(string text)
    {
        var open = text.LastIndexOf('(');
        return open > 0 && text.EndsWith(')')
            && int.TryParse(text.AsSpan(open + 1, text.Length - open - 2), CultureInfo.InvariantCulture, out var strength)
            && strength is >= 1 and <= Strongest
            ? (text[..open], strength)
            : (text, null);
    }
}
