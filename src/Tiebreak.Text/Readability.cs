namespace Tiebreak.Text;

/// <summary>
/// What the classic readability formulas need, and the formulas. Syllables are counted as English ones are: groups of vowels, without a
/// silent e at the end; words of scripts that are not Latin count one. The numbers of two texts together are the sum of both.
/// </summary>
public readonly record struct Readability
{
    private static readonly bool[] Vowels = [.. Enumerable.Range(0, 256).Select(c => IsLatinVowel((char)c))];

    /// <summary>Words; see <see cref="Text.Words"/>.</summary>
    public int Words { get; init; }

    /// <summary>Ends of sentences; see <see cref="TextStatistics.Sentences"/>.</summary>
    public int Sentences { get; init; }

    /// <summary>Letters and digits inside words.</summary>
    public int Letters { get; init; }

    /// <summary>Syllables.</summary>
    public int Syllables { get; init; }

    /// <summary>Words of three syllables or more.</summary>
    public int Polysyllables { get; init; }

    private double WordsPerSentence => (double)Words / Math.Max(1, Sentences);

    /// <summary>
    /// Flesch's reading ease (1948): 206.835 - 1.015 words/sentence - 84.6 syllables/word. Higher is easier; 0 for an empty text.
    /// </summary>
    public double FleschReadingEase => Words == 0 ? 0 : 206.835 - (1.015 * WordsPerSentence) - (84.6 * Syllables / Words);

    /// <summary>Flesch and Kincaid's grade level (1975): 0.39 words/sentence + 11.8 syllables/word - 15.59; 0 for an empty text.</summary>
    public double FleschKincaidGrade => Words == 0 ? 0 : (0.39 * WordsPerSentence) + (11.8 * Syllables / Words) - 15.59;

    /// <summary>Gunning's fog index (1952): 0.4 (words/sentence + 100 polysyllables/word); 0 for an empty text.</summary>
    public double GunningFog => Words == 0 ? 0 : 0.4 * (WordsPerSentence + (100.0 * Polysyllables / Words));

    /// <summary>McLaughlin's SMOG grade (1969): 3.1291 + 1.043 sqrt(30 polysyllables/sentence); 0 for an empty text.</summary>
    public double Smog => Words == 0 ? 0 : 3.1291 + (1.043 * Math.Sqrt(30.0 * Polysyllables / Math.Max(1, Sentences)));

    /// <summary>
    /// The automated readability index (Senter and Smith 1967): 4.71 letters/word + 0.5 words/sentence - 21.43; 0 for an empty text.
    /// </summary>
    public double AutomatedIndex => Words == 0 ? 0 : (4.71 * Letters / Words) + (0.5 * WordsPerSentence) - 21.43;

    /// <summary>Counts a text; null counts as empty.</summary>
    /// <param name="text">The text.</param>
    /// <param name="statistics">Its statistics, which hold everything but the syllables.</param>
    public static Readability Of(string? text, TextStatistics statistics)
    {
        using var words = WordScan.Of(text);
        return OfWords(words, statistics);
    }

    /// <summary>Counts a text.</summary>
    /// <param name="words">Its words.</param>
    /// <param name="statistics">Its statistics, which hold everything but the syllables.</param>
    public static Readability OfWords(WordScan words, TextStatistics statistics)
    {
        int syllables = 0, polysyllables = 0;
        for (var i = 0; i < words.Count; i++)
        {
            var count = CountSyllables(words[i]);
            syllables += count;
            polysyllables += count >= 3 ? 1 : 0;
        }

        return new Readability
        {
            Words = statistics.Words,
            Sentences = statistics.Sentences,
            Letters = statistics.WordCharacters,
            Syllables = syllables,
            Polysyllables = polysyllables,
        };
    }

    /// <summary>The numbers of two texts together.</summary>
    public static Readability operator +(Readability one, Readability other) => new()
    {
        Words = one.Words + other.Words,
        Sentences = one.Sentences + other.Sentences,
        Letters = one.Letters + other.Letters,
        Syllables = one.Syllables + other.Syllables,
        Polysyllables = one.Polysyllables + other.Polysyllables,
    };

    /// <summary>Syllables of one word, at least 1.</summary>
    public static int CountSyllables(ReadOnlySpan<char> word)
    {
        var count = 0;
        var afterVowel = false;
        foreach (var c in word)
        {
            var vowel = IsVowel(c);
            count += vowel && !afterVowel ? 1 : 0;
            afterVowel = vowel;
        }

        // "make" has one syllable, "table" two.
        var silent = word.Length > 2 && word[^1] is 'e' or 'E' && !IsVowel(word[^2]) && !(word[^2] is 'l' && !IsVowel(word[^3]));
        return Math.Max(1, silent ? count - 1 : count);
    }

    private static bool IsVowel(char c) => c < 256 && Vowels[c];

    private static bool IsLatinVowel(char c) => (char)(c | 0x20) is 'a' or 'e' or 'i' or 'o' or 'u' or 'y' or (>= '\u00E0' and <= '\u00FC'
        and not ('\u00E7' or '\u00F0' or '\u00F1' or '\u00F7'));
}
