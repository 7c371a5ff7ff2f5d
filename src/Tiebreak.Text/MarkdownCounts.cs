namespace Tiebreak.Text;

/// <summary>
/// How much a text is formatted, after the style features of the Arena's style control (LMSYS, "Does style matter?", 2024): headers by
/// level, list items and bold spans by their signs, and code beside them. Nothing inside fenced code counts as markdown.
/// The Arena's columns are <c>header_count</c> (<see cref="H1"/> to <see cref="H6"/>), <c>list_count</c> (<see cref="Numbered"/>,
/// <see cref="Bullets"/>) and <c>bold_count</c> (<see cref="BoldStars"/>, <see cref="BoldUnderscores"/>); its scripts count neither
/// indented headers nor numbers with a bracket, this does.
/// </summary>
public readonly record struct MarkdownCounts
{
    /// <summary>Lines that start with # and a space.</summary>
    public int H1 { get; init; }

    /// <summary>Lines that start with ## and a space.</summary>
    public int H2 { get; init; }

    /// <summary>Lines that start with ### and a space.</summary>
    public int H3 { get; init; }

    /// <summary>Lines that start with #### and a space.</summary>
    public int H4 { get; init; }

    /// <summary>Lines that start with ##### and a space.</summary>
    public int H5 { get; init; }

    /// <summary>Lines that start with ###### and a space.</summary>
    public int H6 { get; init; }

    /// <summary>Headers of all levels.</summary>
    public int Headers => H1 + H2 + H3 + H4 + H5 + H6;

    /// <summary>Lines that start with -, * or + and a space.</summary>
    public int Bullets { get; init; }

    /// <summary>Lines that start with a number and a full stop or bracket.</summary>
    public int Numbered { get; init; }

    /// <summary>Spans between two ** in one line, with text and no star between.</summary>
    public int BoldStars { get; init; }

    /// <summary>Spans between two __ in one line, with text and no underscore between.</summary>
    public int BoldUnderscores { get; init; }

    /// <summary>Bold spans with either sign.</summary>
    public int Bold => BoldStars + BoldUnderscores;

    /// <summary>Fenced code blocks; one that never closes counts.</summary>
    public int CodeBlocks { get; init; }

    /// <summary>Lines inside fenced code blocks.</summary>
    public int CodeLines { get; init; }

    /// <summary>Spans between two ` in one line.</summary>
    public int InlineCode { get; init; }

    /// <summary>Lines that start with |.</summary>
    public int TableRows { get; init; }

    /// <summary>Counts a text; null counts as empty.</summary>
    public static MarkdownCounts Of(string? text)
    {
        Span<int> headers = stackalloc int[7]; // by level; level 0 is no header
        int bullets = 0, numbered = 0, stars = 0, underscores = 0, blocks = 0, codeLines = 0, inline = 0, tables = 0;
        var insideCode = false;
        foreach (var raw in text.AsSpan().EnumerateLines())
        {
            var line = raw.TrimStart();
            if (line.StartsWith("```"))
            {
                insideCode = !insideCode;
                blocks += insideCode ? 1 : 0;
                continue;
            }

            if (insideCode)
            {
                codeLines++;
                continue;
            }

            headers[HeaderLevel(line)]++;
            bullets += line.Length > 1 && line[0] is '-' or '*' or '+' && line[1] == ' ' ? 1 : 0;
            numbered += IsNumbered(line) ? 1 : 0;
            tables += line.StartsWith('|') ? 1 : 0;
            stars += CountBold(line, '*');
            underscores += CountBold(line, '_');
            inline += line.Count('`') / 2;
        }

        return new MarkdownCounts
        {
            H1 = headers[1],
            H2 = headers[2],
            H3 = headers[3],
            H4 = headers[4],
            H5 = headers[5],
            H6 = headers[6],
            Bullets = bullets,
            Numbered = numbered,
            BoldStars = stars,
            BoldUnderscores = underscores,
            CodeBlocks = blocks,
            CodeLines = codeLines,
            InlineCode = inline,
            TableRows = tables,
        };
    }

    /// <summary>The counts of two texts together.</summary>
    public static MarkdownCounts operator +(MarkdownCounts one, MarkdownCounts other) => new()
    {
        H1 = one.H1 + other.H1,
        H2 = one.H2 + other.H2,
        H3 = one.H3 + other.H3,
        H4 = one.H4 + other.H4,
        H5 = one.H5 + other.H5,
        H6 = one.H6 + other.H6,
        Bullets = one.Bullets + other.Bullets,
        Numbered = one.Numbered + other.Numbered,
        BoldStars = one.BoldStars + other.BoldStars,
        BoldUnderscores = one.BoldUnderscores + other.BoldUnderscores,
        CodeBlocks = one.CodeBlocks + other.CodeBlocks,
        CodeLines = one.CodeLines + other.CodeLines,
        InlineCode = one.InlineCode + other.InlineCode,
        TableRows = one.TableRows + other.TableRows,
    };

    private static int HeaderLevel(ReadOnlySpan<char> line)
    {
        var level = line.IndexOfAnyExcept('#');
        return level is >= 1 and <= 6 && line[level] == ' ' ? level : 0;
    }

    // What the pattern \*\*[^*\n]+\*\* finds, and the same with underscores.
    private static int CountBold(ReadOnlySpan<char> line, char sign)
    {
        ReadOnlySpan<char> mark = [sign, sign];
        var count = 0;
        while (line.IndexOf(mark) is var open and >= 0)
        {
            var inside = line[(open + 2)..];
            var close = inside.IndexOf(sign);
            var isSpan = close > 0 && inside[close..].StartsWith(mark);
            count += isSpan ? 1 : 0;
            line = isSpan ? inside[(close + 2)..] : line[(open + 1)..];
        }

        return count;
    }

    private static bool IsNumbered(ReadOnlySpan<char> line)
    {
        var digits = line.IndexOfAnyExceptInRange('0', '9');
        return digits is >= 1 and <= 3 && line[digits] is '.' or ')' && digits + 1 < line.Length && line[digits + 1] == ' ';
    }
}
