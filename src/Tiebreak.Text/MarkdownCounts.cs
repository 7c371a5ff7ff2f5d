namespace Tiebreak.Text;

/// <summary>
/// How much a text is formatted, after the style features of the Arena's style control (LMSYS, "Does style matter?", 2024): headers, list items
/// and bold spans, and code beside them. Nothing inside fenced code counts as markdown.
/// </summary>
public readonly record struct MarkdownCounts
{
    /// <summary>Lines that start with one to six # and a space.</summary>
    public int Headers { get; init; }

    /// <summary>Lines that start with -, * or + and a space.</summary>
    public int Bullets { get; init; }

    /// <summary>Lines that start with a number and a full stop or bracket.</summary>
    public int Numbered { get; init; }

    /// <summary>Spans between two ** or two __ in one line.</summary>
    public int Bold { get; init; }

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
        int headers = 0, bullets = 0, numbered = 0, bold = 0, blocks = 0, codeLines = 0, inline = 0, tables = 0;
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

            headers += IsHeader(line) ? 1 : 0;
            bullets += line.Length > 1 && line[0] is '-' or '*' or '+' && line[1] == ' ' ? 1 : 0;
            numbered += IsNumbered(line) ? 1 : 0;
            tables += line.StartsWith('|') ? 1 : 0;
            bold += (line.Count("**") / 2) + (line.Count("__") / 2);
            inline += line.Count('`') / 2;
        }

        return new MarkdownCounts
        {
            Headers = headers,
            Bullets = bullets,
            Numbered = numbered,
            Bold = bold,
            CodeBlocks = blocks,
            CodeLines = codeLines,
            InlineCode = inline,
            TableRows = tables,
        };
    }

    /// <summary>The counts of two texts together.</summary>
    public static MarkdownCounts operator +(MarkdownCounts one, MarkdownCounts other) => new()
    {
        Headers = one.Headers + other.Headers,
        Bullets = one.Bullets + other.Bullets,
        Numbered = one.Numbered + other.Numbered,
        Bold = one.Bold + other.Bold,
        CodeBlocks = one.CodeBlocks + other.CodeBlocks,
        CodeLines = one.CodeLines + other.CodeLines,
        InlineCode = one.InlineCode + other.InlineCode,
        TableRows = one.TableRows + other.TableRows,
    };

    private static bool IsHeader(ReadOnlySpan<char> line)
    {
        var level = line.IndexOfAnyExcept('#');
        return level is >= 1 and <= 6 && line[level] == ' ';
    }

    private static bool IsNumbered(ReadOnlySpan<char> line)
    {
        var digits = line.IndexOfAnyExceptInRange('0', '9');
        return digits is >= 1 and <= 3 && line[digits] is '.' or ')' && digits + 1 < line.Length && line[digits + 1] == ' ';
    }
}
