using System.Text;
using Tiebreak.Core;

namespace Tiebreak.Explorer.Index;

/// <summary>What is looked up in the full-text index, and how texts are put into it.</summary>
internal static class SearchWords
{
    /// <summary>
    /// A text with spaces around every character of a script that is written without spaces (Chinese, Japanese, Thai), which makes it a
    /// word of its own; a word of such a script is then a phrase.
    /// </summary>
    public static string Separate(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\u0E00', '\uFFFF'))
            return text;

        var separated = new StringBuilder(2 * text.Length);
        foreach (var character in text)
        {
            if (IsUnspaced(character))
                separated.Append(' ').Append(character).Append(' ');
            else
                separated.Append(character);
        }

        return separated.ToString();
    }

    /// <summary>The question to SQLite's FTS5: every word, every phrase between double quotes, <c>word*</c> as a beginning.</summary>
    /// <exception cref="InputException">There is no word in it.</exception>
    public static string Query(string text)
    {
        var parts = new List<string>();
        var isPhrase = false;
        foreach (var piece in text.Split('"'))
        {
            var words = isPhrase ? [piece] : piece.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            parts.AddRange(words.Where(word => word.Any(char.IsLetterOrDigit)).Select(word =>
                $"\"{Separate(word.TrimEnd('*'))}\"{(!isPhrase && word.EndsWith('*') ? "*" : "")}"));
            isPhrase = !isPhrase;
        }

        return parts.Count > 0 ? string.Join(' ', parts) : throw new InputException("The search has no word.");
    }

    /// <summary>
    /// The different words of a text for a comparison with others, the longest first, which tend to be the rarest; characters of a script
    /// without spaces in pairs.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="most">The most words.</param>
    public static IReadOnlyList<string> Distinct(string text, int most)
    {
        var words = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var start = 0; start < text.Length;)
        {
            var end = start;
            while (end < text.Length && char.IsLetterOrDigit(text[end]))
                end++;
            foreach (var word in Parts(text[start..end]))
                words.Add(word);
            start = end + 1;
        }

        return [.. words.OrderByDescending(word => word.Length).ThenBy(word => word, StringComparer.Ordinal).Take(most)];
    }

    private static IEnumerable<string> Parts(string word)
    {
        if (word.Length == 0)
            return [];
        return IsUnspaced(word[0])
            ? Enumerable.Range(0, Math.Max(1, word.Length - 1)).Select(i => Separate(word[i..Math.Min(word.Length, i + 2)]).Trim())
            : [word];
    }

    private static bool IsUnspaced(char character) => character
        is (>= '\u0E00' and <= '\u0EFF') // Thai, Lao
        or (>= '\u1000' and <= '\u109F') // Burmese
        or (>= '\u1780' and <= '\u17FF') // Khmer
        or (>= '\u3040' and <= '\u30FF') // Hiragana, Katakana
        or (>= '\u3400' and <= '\u4DBF') or (>= '\u4E00' and <= '\u9FFF') or (>= '\uF900' and <= '\uFAFF'); // Chinese characters
}
