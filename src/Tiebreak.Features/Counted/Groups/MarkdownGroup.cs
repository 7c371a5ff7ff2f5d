using static Tiebreak.Features.Counted.SideFeature;

namespace Tiebreak.Features.Counted.Groups;

/// <summary>How the responses are formatted.</summary>
internal static class MarkdownGroup
{
    public static CountedGroup Group { get; } = new(
        "markdown",
        [
            Count("headers", side => side.Markdown.Headers),
            Count("bullets", side => side.Markdown.Bullets),
            Count("numbered", side => side.Markdown.Numbered),
            Count("bold", side => side.Markdown.Bold),
            Count("table_rows", side => side.Markdown.TableRows),
            Count("markup", side => side.Markdown.Headers + side.Markdown.Bullets + side.Markdown.Numbered + side.Markdown.Bold),
            Share("list_share", side => side.Markdown.Bullets + side.Markdown.Numbered, side => side.All.Lines),
        ],
        []);
}
