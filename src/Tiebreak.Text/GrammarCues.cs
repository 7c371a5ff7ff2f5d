using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Tiebreak.Text;

/// <summary>
/// Signs of careless or broken writing that need no grammar of any language but the articles of English. They add up: the cues of two texts
/// together are the sum of both.
/// </summary>
internal readonly record struct GrammarCues
{
    /// <summary>Words that follow themselves: "the the". Single characters and numbers do not count.</summary>
    public int RepeatedWords { get; init; }

    /// <summary>Sentences after the first whose first letter is lower case.</summary>
    public int LowerCaseStarts { get; init; }

    /// <summary>Spaces before a comma, full stop, question or exclamation mark.</summary>
    public int SpacesBeforeMarks { get; init; }

    /// <summary>"a" before a vowel and "an" before a consonant, by letters; a few English words escape this rule.</summary>
    public int WrongArticles { get; init; }

    /// <summary>Lines of eight or more characters that stand in the text before, word for word.</summary>
    public int RepeatedLines { get; init; }

    /// <summary>
    /// 1 for a text that breaks off: its last character ends neither a sentence nor a bracket, quotation, list item or code block.
    /// </summary>
    public int Unfinished { get; init; }

    /// <summary>Counts a text; null counts as empty.</summary>
    public static GrammarCues Of(string? text)
    {
        using var words = WordScan.Of(text);
        return OfWords(words);
    }

    /// <summary>Counts a text.</summary>
    public static GrammarCues OfWords(WordScan words)
    {
        var text = words.Text;
        if (string.IsNullOrWhiteSpace(text))
            return default;

        var (repeated, articles) = CountWords(words);
        var (lower, spaces) = CountMarks(text);
        return new GrammarCues
        {
            RepeatedWords = repeated,
            WrongArticles = articles,
            LowerCaseStarts = lower,
            SpacesBeforeMarks = spaces,
            RepeatedLines = CountRepeatedLines(text),
            Unfinished = BreaksOff(text) ? 1 : 0,
        };
    }

    /// <summary>The cues of two texts together.</summary>
    public static GrammarCues operator +(GrammarCues one, GrammarCues other) => new()
    {
        RepeatedWords = one.RepeatedWords + other.RepeatedWords,
        LowerCaseStarts = one.LowerCaseStarts + other.LowerCaseStarts,
        SpacesBeforeMarks = one.SpacesBeforeMarks + other.SpacesBeforeMarks,
        WrongArticles = one.WrongArticles + other.WrongArticles,
        RepeatedLines = one.RepeatedLines + other.RepeatedLines,
        Unfinished = one.Unfinished + other.Unfinished,
    };

    private static (int Repeated, int Articles) CountWords(WordScan words)
    {
        int repeated = 0, articles = 0;
        for (var i = 1; i < words.Count; i++)
        {
            // Only a single space may stand between two words that belong together.
            var isRepeated = words.Hashes[i] == words.Hashes[i - 1] && words.Length(i) > 1;
            if ((!isRepeated && words.Length(i - 1) > 2) || !words.IsBesideLast(i))
                continue;

            var previous = words[i - 1];
            var word = words[i];
            repeated += isRepeated && char.IsLetter(word[0]) ? 1 : 0;
            if (previous.Length <= 2 && word.Length > 1)
            {
                var startsWithVowel = (char)(word[0] | 0x20) is 'a' or 'e' or 'i' or 'o';
                var startsWithConsonant = (char)(word[0] | 0x20) is >= 'b' and <= 'z' and not ('e' or 'i' or 'o' or 'u' or 'h')
                    && char.IsLower(word[^1]) && !char.IsUpper(word[1]);
                articles += (previous is "a" && startsWithVowel) || (previous is "an" && startsWithConsonant) ? 1 : 0;
            }
        }

        return (repeated, articles);
    }

    private static (int Lower, int Spaces) CountMarks(string text)
    {
        int lower = 0, spaces = 0;
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] is not (',' or '.' or '!' or '?') || text[i - 1] is not (' ' or (>= 'a' and <= 'z') or ')'))
                continue;
            if (text[i - 1] is ' ')
            {
                spaces += (i + 1 == text.Length || char.IsWhiteSpace(text[i + 1])) && i > 1 && char.IsLetter(text[i - 2]) ? 1 : 0;
            }
            else if (text[i] is not ',' && i + 2 < text.Length && text[i + 1] is ' ' && char.IsLower(text[i + 2]) && i > 1
                && char.IsLetter(text[i - 2]))
            {
                lower++; // two letters before the mark: "e.g. this" and "i.e. that" stay out
            }
        }

        return (lower, spaces);
    }

    private static int CountRepeatedLines(string text)
    {
        const int ShortestLine = 8;
        if (!text.Contains('\n', StringComparison.Ordinal))
            return 0;

        var seen = new HashedSet();
        var repeated = 0;
        foreach (var raw in text.AsSpan().EnumerateLines())
        {
            var line = raw.Trim();
            if (line.Length >= ShortestLine && !seen.Add(XxHash3.HashToUInt64(MemoryMarshal.AsBytes(line))))
                repeated++;
        }

        return repeated;
    }

    private static bool BreaksOff(ReadOnlySpan<char> text)
    {
        text = text.TrimEnd();
        if (!char.IsLetterOrDigit(text[^1]) && text[^1] is not (',' or '-'))
            return false;

        var lastLine = text[(text.LastIndexOf('\n') + 1)..].TrimStart();
        return !(lastLine is ['-' or '*' or '+' or '#' or '|', ..] || (lastLine.Length > 0 && char.IsDigit(lastLine[0])))
            && new Words(lastLine).MoveNext() && lastLine.Contains(' ');
    }
}
