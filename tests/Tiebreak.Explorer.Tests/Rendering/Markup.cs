using System.Text.RegularExpressions;

namespace Tiebreak.Explorer.Tests.Rendering;

/// <summary>Says what elements and attributes there are in HTML whose texts are escaped, so that every "&lt;" begins a tag.</summary>
internal static partial class Markup
{
    private static readonly HashSet<string> Attributes = new(StringComparer.Ordinal) { "class", "dir", "tabindex", "start" };

    private static readonly HashSet<string> Elements = new(StringComparer.Ordinal)
    {
        "h4", "h5", "h6", "p", "ol", "ul", "li", "blockquote", "hr", "div", "table", "tr", "th", "td", "pre", "code", "span", "em",
        "strong", "del", "br",
    };

    /// <summary>What is in the markup that a text may not become.</summary>
    public static IEnumerable<string> Forbidden(string markup)
    {
        var tags = 0;
        foreach (Match tag in Tag.Matches(markup))
        {
            tags++;
            if (!Elements.Contains(tag.Groups["name"].Value))
                yield return tag.Value;
            foreach (Capture attribute in tag.Groups["attribute"].Captures)
            {
                if (!Attributes.Contains(attribute.Value))
                    yield return tag.Value;
            }
        }

        if (tags != markup.Count(c => c == '<') || tags != markup.Count(c => c == '>'))
            yield return "a bracket that belongs to no tag";
    }

    [GeneratedRegex("""</?(?<name>[a-z0-9]+)(?: (?<attribute>[a-z]+)="[^"<>]*")*>""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Tag { get; }
}
