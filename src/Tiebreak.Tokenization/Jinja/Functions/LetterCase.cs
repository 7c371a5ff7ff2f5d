using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Tiebreak.Tokenization.Jinja.Evaluation;
using Tiebreak.Tokenization.Jinja.Values;

namespace Tiebreak.Tokenization.Jinja.Functions;

/// <summary>Upper and lower case as Python has them: Unicode's full mappings, in which a letter may become several.</summary>
internal static class LetterCase
{
    // Letters whose upper case is more than one, each followed by it: Unicode's SpecialCasing.txt.
    private const string Expanding =
        "\u00dfSS \u0149\u02bcN \u01f0J\u030c \u0390\u0399\u0308\u0301 \u03b0\u03a5\u0308\u0301 \u0587\u0535\u0552 "
        + "\u1e96H\u0331 \u1e97T\u0308 \u1e98W\u030a \u1e99Y\u030a \u1e9aA\u02be \u1f50\u03a5\u0313 "
        + "\u1f52\u03a5\u0313\u0300 \u1f54\u03a5\u0313\u0301 \u1f56\u03a5\u0313\u0342 \u1f80\u1f08\u0399 "
        + "\u1f81\u1f09\u0399 \u1f82\u1f0a\u0399 \u1f83\u1f0b\u0399 \u1f84\u1f0c\u0399 \u1f85\u1f0d\u0399 "
        + "\u1f86\u1f0e\u0399 \u1f87\u1f0f\u0399 \u1f88\u1f08\u0399 \u1f89\u1f09\u0399 \u1f8a\u1f0a\u0399 "
        + "\u1f8b\u1f0b\u0399 \u1f8c\u1f0c\u0399 \u1f8d\u1f0d\u0399 \u1f8e\u1f0e\u0399 \u1f8f\u1f0f\u0399 "
        + "\u1f90\u1f28\u0399 \u1f91\u1f29\u0399 \u1f92\u1f2a\u0399 \u1f93\u1f2b\u0399 \u1f94\u1f2c\u0399 "
        + "\u1f95\u1f2d\u0399 \u1f96\u1f2e\u0399 \u1f97\u1f2f\u0399 \u1f98\u1f28\u0399 \u1f99\u1f29\u0399 "
        + "\u1f9a\u1f2a\u0399 \u1f9b\u1f2b\u0399 \u1f9c\u1f2c\u0399 \u1f9d\u1f2d\u0399 \u1f9e\u1f2e\u0399 "
        + "\u1f9f\u1f2f\u0399 \u1fa0\u1f68\u0399 \u1fa1\u1f69\u0399 \u1fa2\u1f6a\u0399 \u1fa3\u1f6b\u0399 "
        + "\u1fa4\u1f6c\u0399 \u1fa5\u1f6d\u0399 \u1fa6\u1f6e\u0399 \u1fa7\u1f6f\u0399 \u1fa8\u1f68\u0399 "
        + "\u1fa9\u1f69\u0399 \u1faa\u1f6a\u0399 \u1fab\u1f6b\u0399 \u1fac\u1f6c\u0399 \u1fad\u1f6d\u0399 "
        + "\u1fae\u1f6e\u0399 \u1faf\u1f6f\u0399 \u1fb2\u1fba\u0399 \u1fb3\u0391\u0399 \u1fb4\u0386\u0399 "
        + "\u1fb6\u0391\u0342 \u1fb7\u0391\u0342\u0399 \u1fbc\u0391\u0399 \u1fc2\u1fca\u0399 \u1fc3\u0397\u0399 "
        + "\u1fc4\u0389\u0399 \u1fc6\u0397\u0342 \u1fc7\u0397\u0342\u0399 \u1fcc\u0397\u0399 \u1fd2\u0399\u0308\u0300 "
        + "\u1fd3\u0399\u0308\u0301 \u1fd6\u0399\u0342 \u1fd7\u0399\u0308\u0342 \u1fe2\u03a5\u0308\u0300 "
        + "\u1fe3\u03a5\u0308\u0301 \u1fe4\u03a1\u0313 \u1fe6\u03a5\u0342 \u1fe7\u03a5\u0308\u0342 \u1ff2\u1ffa\u0399 "
        + "\u1ff3\u03a9\u0399 \u1ff4\u038f\u0399 \u1ff6\u03a9\u0342 \u1ff7\u03a9\u0342\u0399 \u1ffc\u03a9\u0399 \ufb00FF "
        + "\ufb01FI \ufb02FL \ufb03FFI \ufb04FFL \ufb05ST \ufb06ST \ufb13\u0544\u0546 \ufb14\u0544\u0535 "
        + "\ufb15\u0544\u053b \ufb16\u054e\u0546 \ufb17\u0544\u053d";

    private static readonly FrozenDictionary<char, string> Expansions =
        Expanding.Split(' ').ToFrozenDictionary(entry => entry[0], entry => entry[1..]);

    public static string Upper(string text)
    {
        if (!text.Any(Expansions.ContainsKey))
            return text.ToUpperInvariant();
        var upper = new StringBuilder(text.Length + 8);
        foreach (var character in text)
            _ = Expansions.TryGetValue(character, out var several) ? upper.Append(several) : upper.Append(character);
        return upper.ToString().ToUpperInvariant();
    }

    public static string Lower(string text)
    {
        var lower = text.Replace("\u0130", "i\u0307", StringComparison.Ordinal).ToLowerInvariant();
        if (!text.Contains('\u03a3', StringComparison.Ordinal))
            return lower;

        // Sigma has another form at the end of a word.
        var words = new StringBuilder(lower);
        for (var i = 1; i < words.Length; i++)
        {
            if (words[i] == '\u03c3' && char.IsLetter(words[i - 1]) && (i + 1 == words.Length || !char.IsLetter(words[i + 1])))
                words[i] = '\u03c2';
        }

        return words.ToString();
    }

    /// <summary>The first character in upper case, the others in lower case.</summary>
    public static string Capitalize(string text) =>
        text.Length == 0 ? text : Initial(PythonText.Part(text, 0, 1)) + Lower(text[PythonText.Part(text, 0, 1).Length..]);

    /// <summary>Each letter behind anything but a letter in upper case, the others in lower case.</summary>
    public static string Title(string text) => Map(text, (character, isInside) => isInside ? Lower(character) : Initial(character));

    public static string Swap(string text) => Map(text, (character, _) => IsUpper(character) ? Lower(character) : Upper(character));

    private static bool IsUpper(string character) => CategoryOf(character) is UnicodeCategory.UppercaseLetter;

    private static bool IsLower(string character) => CategoryOf(character) is UnicodeCategory.LowercaseLetter;

    /// <summary>Whether every letter that has a case is a lower one, and there is such a letter.</summary>
    public static bool AllAreLower(string text, Meter meter) => AllAre(text, IsLower, IsUpper, meter);

    /// <summary>Whether every letter that has a case is an upper one, and there is such a letter.</summary>
    public static bool AllAreUpper(string text, Meter meter) => AllAre(text, IsUpper, IsLower, meter);

    private static bool AllAre(string text, Func<string, bool> isWanted, Func<string, bool> isOther, Meter meter)
    {
        meter.Read(text);
        var has = false;
        foreach (var character in PythonText.CodePoints(text))
        {
            if (isOther(character) || CategoryOf(character) is UnicodeCategory.TitlecaseLetter)
                return false;
            has |= isWanted(character);
        }

        return has;
    }

    /// <summary>The Unicode category of the first code point.</summary>
    public static UnicodeCategory CategoryOf(string character) => CharUnicodeInfo.GetUnicodeCategory(character, 0);

    private static string Initial(string character) => Upper(character) is var upper && upper.Length > character.Length
        ? upper[..1] + Lower(upper[1..])
        : upper;

    private static string Map(string text, Func<string, bool, string> map)
    {
        var mapped = new StringBuilder(text.Length);
        var isInside = false;
        foreach (var character in PythonText.CodePoints(text))
        {
            mapped.Append(map(character, isInside));
            isInside = IsUpper(character) || IsLower(character) || CategoryOf(character) is UnicodeCategory.TitlecaseLetter;
        }

        return mapped.ToString();
    }
}
