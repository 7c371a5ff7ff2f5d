using System.Globalization;

namespace Tiebreak.Core.Battles;

/// <summary>
/// Verdicts in the words of the Arena's files, <c>model_a, model_b, tie, tie (bothbad)</c>, which are written; and in the other usual
/// spellings, which are read: <c>A</c>, <c>left</c>, <c>response_1</c>, <c>draw</c>, A's score of <c>1</c>, <c>0</c> or <c>0.5</c>, and
/// the name of the model that won.
/// </summary>
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

    /// <summary>The verdict of an Arena's word, as <see cref="Format"/> writes it; null for any other.</summary>
    public static Verdict? OfWord(string? word) => word switch
    {
        "model_a" => Verdict.A,
        "model_b" => Verdict.B,
        "tie" => Verdict.Tie,
        "tie (bothbad)" => Verdict.BothBad,
        _ => null,
    };

    /// <summary>Reads a verdict.</summary>
    /// <param name="word">The word; null or blank means that nobody voted.</param>
    /// <param name="words">What words mean in this file, where its user has said so; null for the usual ones.</param>
    /// <param name="modelA">The model on side A, where known.</param>
    /// <param name="modelB">The model on side B, where known.</param>
    /// <param name="verdict">The verdict; null where nobody voted.</param>
    /// <param name="numbersAreScores">False where a number may be A's score as well as the place of the better response.</param>
    /// <returns>False for a word that says nothing or two things: never silently a tie.</returns>
    public static bool TryParse(
        string? word, IReadOnlyDictionary<string, Verdict>? words, string? modelA, string? modelB, out Verdict? verdict,
        bool numbersAreScores = true)
    {
        verdict = null;
        if (string.IsNullOrWhiteSpace(word))
            return true;
        if (words is { Count: > 0 } && (words.TryGetValue(word, out var meant) || words.TryGetValue(word.Trim(), out meant)))
        {
            verdict = meant;
            return true;
        }

        verdict = OfWord(word);
        if (verdict is not null)
            return true;

        word = word.Trim();
        var (spelled, named) = (OfSpelling(word, numbersAreScores), OfName(word, modelA, modelB));
        verdict = spelled ?? named;
        if (spelled is not null && named is not null && spelled != named)
            verdict = null;
        return verdict is not null || word.Equals("nan", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>What is wrong with a row whose winner cannot be read, continuing "the row ...".</summary>
    public static string Unknown(string word) =>
        $"has the unknown winner \"{word}\"; known are model_a, model_b, tie, tie (bothbad) and their usual spellings";

    private static Verdict? OfSpelling(string word, bool numbersAreScores)
    {
        if (double.TryParse(word.Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out var score))
            return !numbersAreScores ? null : score switch { 1 => Verdict.A, 0 => Verdict.B, 0.5 => Verdict.Tie, _ => null };

        return string.Concat(word.Where(char.IsLetterOrDigit)).ToUpperInvariant() switch
        {
            "A" or "MODELA" or "RESPONSEA" or "ANSWERA" or "OUTPUTA" or "ASSISTANTA" or "LEFT" or "LEFTVOTE"
                or "MODEL1" or "RESPONSE1" or "ANSWER1" or "OUTPUT1" or "ASSISTANT1" => Verdict.A,
            "B" or "MODELB" or "RESPONSEB" or "ANSWERB" or "OUTPUTB" or "ASSISTANTB" or "RIGHT" or "RIGHTVOTE"
                or "MODEL2" or "RESPONSE2" or "ANSWER2" or "OUTPUT2" or "ASSISTANT2" => Verdict.B,
            "TIE" or "TIED" or "TIEVOTE" or "DRAW" or "EQUAL" => Verdict.Tie,
            "TIEBOTHBAD" or "BOTHBAD" or "BOTHBADVOTE" or "BOTHAREBAD" => Verdict.BothBad,
            _ => null,
        };
    }

    private static Verdict? OfName(string word, string? modelA, string? modelB) =>
        string.Equals(modelA, modelB, StringComparison.Ordinal) ? null
        : string.Equals(word, modelA?.Trim(), StringComparison.Ordinal) ? Verdict.A
        : string.Equals(word, modelB?.Trim(), StringComparison.Ordinal) ? Verdict.B : null;
}
