using System.Globalization;
using System.Text;

namespace Tiebreak.Benchmarks;

/// <summary>Chat text as it stands in the competition's cells: JSON escapes, of which every quote is doubled for CSV.</summary>
/// <param name="random">The source of everything.</param>
public sealed class SyntheticText(Random random)
{
    private static readonly string[][] Words =
    [
        ["the", "of", "and", "to", "a", "in", "is", "that", "for", "it", "you", "with", "as", "on", "this", "are", "be", "can", "model", "answer", "question",
            "important", "however", "consider", "following", "example", "function", "number", "people", "different", "because", "information", "understand", "language", "value"],
        ["что", "это", "как", "для", "можно", "например", "важно", "который", "ответ", "вопрос", "число", "язык"],
        ["这个", "问题", "可以", "我们", "使用", "例如", "重要", "回答", "语言", "模型"],
        ["qué", "está", "también", "según", "número", "información", "respuesta", "más", "el", "la", "de", "en"],
        ["für", "über", "können", "größer", "Beispiel", "die", "der", "und", "wichtig", "Antwort"],
        ["これは", "です", "例えば", "質問", "回答", "使用", "言語"],
    ];

    private static readonly string[] Markup =
        ["\n\n", "\n", "\n* ", "\n\n1. **", ":** ", "\n- ", "\n\n## ", "`", "\n```python\nprint(\"x\")\n```\n", "\"", "\" ", "https://", "\t", "\\", "\u2019", "😀", "* ", "\n", "**", ". ", "\n\n", "? "];

    /// <summary>How many languages there are; 0 is English.</summary>
    public static int Languages => Words.Length;

    /// <summary>The language of what is appended next.</summary>
    public int Language { get; set; }

    /// <summary>Appends a text of about so many bytes.</summary>
    public void Append(StringBuilder target, int length)
    {
        var words = Words[Language];
        for (var end = target.Length + length; target.Length < end;)
        {
            AppendEscaped(target, words[random.Next(words.Length)]);
            target.Append(random.NextDouble() < 0.1 ? ", " : " ");
            if (random.NextDouble() < 0.09)
                AppendEscaped(target, Markup[random.Next(Markup.Length)]);
        }

        // Truncated emoji are what real chats have lone surrogates from.
        if (random.NextDouble() < 0.0002)
            target.Append("\\ud83d");
    }

    private static void AppendEscaped(StringBuilder target, string text)
    {
        foreach (var unit in text)
        {
            _ = unit switch
            {
                '"' => target.Append("\\\"\""),
                '\\' => target.Append(@"\\"),
                '/' => target.Append(@"\/"),
                '\n' => target.Append(@"\n"),
                '\t' => target.Append(@"\t"),
                >= '\u0080' => target.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}"),
                _ => target.Append(unit),
            };
        }
    }
}
