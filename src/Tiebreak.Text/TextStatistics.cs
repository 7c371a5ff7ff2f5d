namespace Tiebreak.Text;

/// <summary>Plain counts over a text. They add up: the statistics of two texts together are the sum of both.</summary>
public readonly record struct TextStatistics
{
    /// <summary>UTF-16 units.</summary>
    public int Characters { get; init; }

    /// <summary>Words; see <see cref="Text.Words"/>.</summary>
    public int Words { get; init; }

    /// <summary>Letters and digits inside words.</summary>
    public int WordCharacters { get; init; }

    /// <summary>Words of seven or more letters.</summary>
    public int LongWords { get; init; }

    /// <summary>Ends of sentences: runs of . ! ? and their full-width forms before white space or the end.</summary>
    public int Sentences { get; init; }

    /// <summary>Lines that hold more than white space.</summary>
    public int Lines { get; init; }

    /// <summary>Paragraphs: groups of such lines between empty ones.</summary>
    public int Paragraphs { get; init; }

    /// <summary>Decimal digits.</summary>
    public int Digits { get; init; }

    /// <summary>Upper-case letters.</summary>
    public int UpperCase { get; init; }

    /// <summary>Commas, semicolons and colons.</summary>
    public int Commas { get; init; }

    /// <summary>Question marks.</summary>
    public int Questions { get; init; }

    /// <summary>Exclamation marks.</summary>
    public int Exclamations { get; init; }

    /// <summary>Characters outside ASCII.</summary>
    public int NonAscii { get; init; }

    /// <summary>Counts a text; null counts as empty.</summary>
    public static TextStatistics Of(string? text)
    {
        using var words = WordScan.Of(text);
        return OfWords(words);
    }

    /// <summary>Counts a text.</summary>
    public static TextStatistics OfWords(WordScan words)
    {
        int wordCharacters = 0, longWords = 0;
        for (var i = 0; i < words.Count; i++)
        {
            wordCharacters += words.Length(i);
            longWords += words.Length(i) >= 7 ? 1 : 0;
        }

        var text = words.Text;
        int sentences = 0, digits = 0, upper = 0, commas = 0, questions = 0, exclamations = 0, nonAscii = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is >= 'a' and <= 'z' or ' ')
                continue;

            if (char.IsDigit(c))
                digits++;
            else if (char.IsUpper(c))
                upper++;
            else if (c is ',' or ';' or ':' or '\uFF0C' or '\u3001')
                commas++;
            else if (c is '?' or '\uFF1F')
                questions++;
            else if (c is '!' or '\uFF01')
                exclamations++;

            nonAscii += c >= 128 ? 1 : 0;
            sentences += EndsSentence(text, i) ? 1 : 0;
        }

        var (lines, paragraphs) = CountLines(text);
        return new TextStatistics
        {
            Characters = text.Length,
            Words = words.Count,
            WordCharacters = wordCharacters,
            LongWords = longWords,
            Sentences = sentences,
            Lines = lines,
            Paragraphs = paragraphs,
            Digits = digits,
            UpperCase = upper,
            Commas = commas,
            Questions = questions,
            Exclamations = exclamations,
            NonAscii = nonAscii,
        };
    }

    /// <summary>The statistics of two texts together.</summary>
    public static TextStatistics operator +(TextStatistics one, TextStatistics other) => new()
    {
        Characters = one.Characters + other.Characters,
        Words = one.Words + other.Words,
        WordCharacters = one.WordCharacters + other.WordCharacters,
        LongWords = one.LongWords + other.LongWords,
        Sentences = one.Sentences + other.Sentences,
        Lines = one.Lines + other.Lines,
        Paragraphs = one.Paragraphs + other.Paragraphs,
        Digits = one.Digits + other.Digits,
        UpperCase = one.UpperCase + other.UpperCase,
        Commas = one.Commas + other.Commas,
        Questions = one.Questions + other.Questions,
        Exclamations = one.Exclamations + other.Exclamations,
        NonAscii = one.NonAscii + other.NonAscii,
    };

    private static bool EndsSentence(string text, int i)
    {
        if (text[i] is '\u3002' or '\uFF01' or '\uFF1F')
            return true;
        return text[i] is '.' or '!' or '?' && (i + 1 == text.Length || char.IsWhiteSpace(text[i + 1]));
    }

    private static (int Lines, int Paragraphs) CountLines(string text)
    {
        int lines = 0, paragraphs = 0;
        var insideParagraph = false;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var blank = line.IsWhiteSpace();
            lines += blank ? 0 : 1;
            paragraphs += !blank && !insideParagraph ? 1 : 0;
            insideParagraph = !blank;
        }

        return (lines, paragraphs);
    }
}
