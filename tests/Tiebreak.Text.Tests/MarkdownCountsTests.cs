namespace Tiebreak.Text.Tests;

public sealed class MarkdownCountsTests
{
    [Theory]
    [InlineData("# a\n###### b\n####### c", 2, 0)]
    [InlineData("**a** and **b c**, ** d", 0, 2)]
    [InlineData("****, *a*, **a*b**", 0, 0)]
    [InlineData("***bold and italic***", 0, 1)]
    [InlineData("__init__ counts, as in the Arena's pattern", 0, 1)]
    public void Headers_and_bold_spans_are_what_the_arena_counts(string text, int headers, int bold)
    {
        var counts = MarkdownCounts.Of(text);
        Assert.Equal((headers, bold), (counts.Headers, counts.Bold));
    }

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
                H1 = 1,
                H2 = 1,
                Bullets = 3,
                Numbered = 2,
                BoldStars = 1,
                BoldUnderscores = 1,
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
