namespace Tiebreak.Text.Tests;

public sealed class MarkdownCountsTests
{
    [Fact]
    public void Everything_outside_code_is_counted_once()
    {
        const string text = """
            # Title
            Some **bold** and __more__ with `code`.
            ## Part
            - one
            * two
              + nested
            1. first
            12) second
            | a | b |
            #hashtag, 3.14 and 2 * 3 * 4 are none of these
            ```python
            # not a header
            - not a bullet
            ```
            """;

        Assert.Equal(
            new MarkdownCounts
            {
                Headers = 2,
                Bullets = 3,
                Numbered = 2,
                Bold = 2,
                CodeBlocks = 1,
                CodeLines = 2,
                InlineCode = 1,
                TableRows = 1,
            },
            MarkdownCounts.Of(text));
    }

    [Fact]
    public void Code_that_never_closes_counts() =>
        Assert.Equal(new MarkdownCounts { CodeBlocks = 1, CodeLines = 2 }, MarkdownCounts.Of("```\n- a\n# b"));

    [Fact]
    public void Nothing_counts_nothing() => Assert.Equal(default, MarkdownCounts.Of(null));
}
