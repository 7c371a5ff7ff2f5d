using System.Globalization;
using System.Text;

namespace Tiebreak.Benchmarks;

/// <summary>Chat text as it stands in the competition's cells: JSON escapes, of which every quote is doubled for CSV.</summary>
/// <param name="random">The source of everything.</param>
public sealed class SyntheticText(Random random)
{
    private static readonly string[][] Others =
    [
        ["что", "это", "как", "для", "можно", "например", "важно", "который", "ответ", "вопрос", "число", "язык"],
        ["这个", "问题", "可以", "我们", "使用", "例如", "重要", "回答", "语言", "模型"],
        ["qué", "está", "también", "según", "número", "información", "respuesta", "más", "el", "la", "de", "en"],
        ["für", "über", "können", "größer", "Beispiel", "die", "der", "und", "wichtig", "Antwort"],
        ["これは", "です", "例えば", "質問", "回答", "使用", "言語"],
    ];

    private static readonly string[] Signs =
        [
            "`", "\n```python\nprint(\"x\")\n```\n", "\"", "\" ", "https://", "\t", "\\", "\u2019", "😀", "\n", "\n", ". ", ". ", ". ",
            "\n\n", "\n\n", "? ",
        ];

    private static readonly string[] Markup = ["\n* ", "\n\n1. **", ":** ", "\n- ", "\n\n## ", "* ", "**"];

    private readonly SyntheticVocabulary _english = new(random);

    /// <summary>How many languages there are; 0 is English.</summary>
    public static int Languages => 1 + Others.Length;

    /// <summary>The language of what is appended next.</summary>
    public int Language { get; set; }

    /// <summary>How much markup is appended next, 0 to 1.</summary>
    public double Formatting { get; set; } = 0.5;

    /// <summary>The markup signs appended so far.</summary>
    public int MarkupSigns { get; private set; }

    /// <summary>The English words appended so far.</summary>
    public int Words { get; private set; }

    /// <summary>The sum of what people secretly think of those words.</summary>
    public double Taste { get; private set; }

    /// <summary>Appends a text of about so many bytes.</summary>
    public void Append(StringBuilder target, int length)
    {
        _english.Start();
        for (var end = target.Length + length; target.Length < end;)
        {
            if (Language == 0)
            {
                var word = _english.Next();
                Words++;
                Taste += SyntheticVocabulary.Taste(word);
                AppendEscaped(target, SyntheticVocabulary.Word(word));
            }
            else
            {
                AppendEscaped(target, Others[Language - 1][random.Next(Others[Language - 1].Length)]);
            }

            target.Append(random.NextDouble() < 0.1 ? ", " : " ");
            var draw = random.NextDouble();
            if (draw < 0.06)
            {
                AppendEscaped(target, Signs[random.Next(Signs.Length)]);
            }
            else if (draw < 0.06 + (0.06 * Formatting))
            {
                MarkupSigns++;
                AppendEscaped(target, Markup[random.Next(Markup.Length)]);
            }
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
