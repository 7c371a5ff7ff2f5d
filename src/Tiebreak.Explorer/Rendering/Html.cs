using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Tiebreak.Explorer.Rendering;

/// <summary>
/// HTML that may be sent as it is. It is made of interpolated strings, whose literal parts are written by us and whose holes are escaped
/// unless they are HTML already; so a text from a file cannot become markup by forgetting something.
/// </summary>
internal readonly struct Html
{
    private readonly string? _markup;

    private Html(string markup) => _markup = markup;

    /// <summary>Markup with escaped holes. Attributes are written in double quotes.</summary>
    public static Html Of(HtmlInterpolation markup) => new(markup.ToString());

    /// <summary>A text as it is to be read.</summary>
    public static Html Text(string? text)
    {
        var markup = new StringBuilder();
        AppendEscaped(markup, text);
        return new Html(markup.ToString());
    }

    /// <summary>Markup that escapes its texts itself: plots and tables of Tiebreak.Reports.</summary>
    public static Html OfReports(string markup) => new(markup);

    /// <summary>One after the other.</summary>
    public static Html Join(IEnumerable<Html> parts) => new(string.Concat(parts.Select(part => part._markup)));

    /// <summary>The markup.</summary>
    public override string ToString() => _markup ?? "";

    /// <summary>
    /// Escapes for element content and quoted attributes. Characters that HTML does not allow become U+FFFD, and lone surrogates too, when
    /// the page is encoded.
    /// </summary>
    internal static void AppendEscaped(StringBuilder markup, ReadOnlySpan<char> text)
    {
        while (text.IndexOfAny(Special) is >= 0 and var place)
        {
            markup.Append(text[..place]).Append(text[place] switch
            {
                '<' => "&lt;",
                '>' => "&gt;",
                '&' => "&amp;",
                '"' => "&quot;",
                '\'' => "&#39;",
                _ => "\uFFFD",
            });
            text = text[(place + 1)..];
        }

        markup.Append(text);
    }

    private static readonly SearchValues<char> Special = SearchValues.Create(
        [.. "<>&\"'", .. Enumerable.Range(0, 32).Select(code => (char)code).Where(c => c is not ('\t' or '\n' or '\r' or '\f'))]);
}

/// <summary>What the compiler makes of an interpolated string that is to become <see cref="Html"/>.</summary>
/// <param name="literalLength">Characters of the literal parts.</param>
/// <param name="formattedCount">Holes.</param>
[InterpolatedStringHandler]
internal readonly ref struct HtmlInterpolation(int literalLength, int formattedCount)
{
    private readonly StringBuilder _markup = new(literalLength + (16 * formattedCount));

    public void AppendLiteral(string markup) => _markup.Append(markup);

    public void AppendFormatted(Html markup) => _markup.Append(markup.ToString());

    public void AppendFormatted(Html? markup) => _markup.Append(markup?.ToString());

    public void AppendFormatted(IEnumerable<Html> parts)
    {
        foreach (var part in parts)
            _markup.Append(part.ToString());
    }

    public void AppendFormatted(string? text) => Html.AppendEscaped(_markup, text);

    public void AppendFormatted<T>(T value, string? format = null)
        where T : IFormattable => Html.AppendEscaped(_markup, value.ToString(format, CultureInfo.InvariantCulture));

    public override string ToString() => _markup.ToString();
}
