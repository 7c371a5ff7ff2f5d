using static Tiebreak.Features.Counted.SideFeature;

namespace Tiebreak.Features.Counted.Groups;

/// <summary>How much code the responses hold.</summary>
internal static class CodeGroup
{
    public static CountedGroup Group { get; } = new(
        "code",
        [
            Count("code_blocks", side => side.Markdown.CodeBlocks),
            Count("code_lines", side => side.Markdown.CodeLines),
            Count("inline_code", side => side.Markdown.InlineCode),
            Share("code_share", side => side.Markdown.CodeLines, side => side.All.Lines),
        ],
        []);
}
