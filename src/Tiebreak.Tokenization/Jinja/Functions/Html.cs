using System.Text;
using Tiebreak.Tokenization.Jinja.Evaluation;
using Tiebreak.Tokenization.Jinja.Values;

namespace Tiebreak.Tokenization.Jinja.Functions;

/// <summary>HTML: what <c>escape</c> and its relatives do. Chat templates escape nothing unless they ask for it.</summary>
internal static class Html
{
    /// <summary>A text with the five characters of HTML replaced; markup stays as it is.</summary>
    public static StringValue Escape(StringValue value, Meter meter) => value.IsMarkup ? value : ForceEscape(value.Text, meter);

    /// <summary>The same for markup too.</summary>
    public static StringValue ForceEscape(string text, Meter meter)
    {
        meter.CreateText(5L * text.Length);
        var escaped = new StringBuilder(text.Length)
            .Append(text).Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace("'", "&#39;").Replace("\"", "&#34;");
        return new StringValue(escaped.ToString(), isMarkup: true);
    }

    /// <summary>A dictionary as attributes of an element.</summary>
    public static StringValue Attributes(Rendering rendering, DictValue dictionary, bool hasLeadingSpace)
    {
        var sink = new TextSink(rendering.Meter);
        foreach (var (key, value) in dictionary.Entries)
        {
            if (value is NoneValue or UndefinedValue)
                continue;
            if (!sink.IsEmpty || hasLeadingSpace)
                sink.Write(" ");
            sink.Write($"{Escaped(key)}=\"{Escaped(value)}\"");
        }

        return new StringValue(sink.ToString());

        string Escaped(Value value) => Escape(rendering.StringOf(value), rendering.Meter).Text;
    }

    /// <summary>A text as a part of an address: every byte but letters, digits and <c>_.-~</c> as %XX.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isQuery">In a query "/" is written so too, and a space as "+".</param>
    /// <param name="meter">Counts.</param>
    public static string EncodeUrl(string text, bool isQuery, Meter meter)
    {
        meter.CreateText(9L * text.Length);
        var encoded = Uri.EscapeDataString(text);
        return isQuery
            ? encoded.Replace("%20", "+", StringComparison.Ordinal)
            : encoded.Replace("%2F", "/", StringComparison.Ordinal);
    }
}
