using CsCheck;
using Tiebreak.Explorer.Rendering;

namespace Tiebreak.Explorer.Tests.Rendering;

public sealed class MarkdownHtmlTests
{
    [Theory]
    [InlineData("*a* **b** ~~c~~ `d`", "<em>a</em> <strong>b</strong> <del>c</del> <code>d</code>")]
    [InlineData("# One", "<h4 dir=\"auto\">One</h4>")]
    [InlineData("3. three", "<ol start=\"3\"><li dir=\"auto\">three</li>")]
    [InlineData("> said", "<blockquote><p dir=\"auto\">said</p>")]
    [InlineData("one\ntwo", "one<br>\ntwo")]
    [InlineData("| a |\n|---|\n| 1 |", "<th dir=\"auto\">a</th></tr>\n<tr><td dir=\"auto\">1</td>")]
    [InlineData("```python\nx < 1\n```", "<span class=\"language\">python</span><code>x &lt; 1</code>")]
    [InlineData("- [x] done", "☑")]
    [InlineData("مرحبا 😀", "<p dir=\"auto\">مرحبا 😀</p>")]
    public void Markdown_becomes_elements(string text, string expected) =>
        Assert.Contains(expected, MarkdownHtml.Render(text).ToString(), StringComparison.Ordinal);

    [Theory]
    [InlineData("\\(a_1 * b_2\\)")]
    [InlineData("\\[ \\frac{a_1}{b_2} \\]")]
    [InlineData("$x_1 * y_2$")]
    public void Formulas_are_shown_as_their_source(string formula) =>
        Assert.Contains($"<code class=\"formula\">{formula}</code>", MarkdownHtml.Render($"so {formula} is").ToString(), StringComparison.Ordinal);

    [Fact]
    public void Links_and_images_are_shown_and_lead_nowhere()
    {
        var html = MarkdownHtml.Render("[a](http://one.example) ![b](http://two.example/x.png) <http://three.example> [c][r]\n\n[r]: http://four.example")
            .ToString();
        Assert.All(
            ["http://one.example", "http://two.example/x.png", "http://three.example", "http://four.example"],
            address => Assert.Contains($"<code class=\"address\">{address}</code>", html, StringComparison.Ordinal));
        Assert.DoesNotContain("href", html, StringComparison.Ordinal);
        Assert.DoesNotContain("src", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_texts_become_no_other_elements_or_attributes()
    {
        Assert.InRange(HostileTexts.All.Count, 200, int.MaxValue);
        Assert.All(HostileTexts.All, text => Assert.Empty(Markup.Forbidden(MarkdownHtml.Render(text).ToString())));
    }

    [Fact]
    public void No_text_at_all_becomes_other_elements_or_attributes() =>
        Gen.OneOf("<", ">", "\"", "'", "&", "`", "[", "](", ")", "*", "_", "~", "|", "\n", "\n\n", "- ", "> ", "    ", "$", "\\(", "\\)", "a",
                "<b ", "javascript:", "\0", "&#60;", "&lt;", "---", "```", "![", "1. ")
            .Array[0, 40].Sample(parts => !Markup.Forbidden(MarkdownHtml.Render(string.Concat(parts)).ToString()).Any(), iter: 2_000);

    [Fact]
    public void Markup_that_is_wrong_is_found() =>
        Assert.All(
            ["<script>", "<p onclick=\"x\">", "<p class=\"x\" style=\"y\">", "a < b", "<img src=x>"],
            markup => Assert.NotEmpty(Markup.Forbidden(markup)));

    [Fact]
    public void Texts_that_are_nested_without_end_are_shown_as_they_are()
    {
        var text = new string('>', 20_000) + "deep";
        Assert.Contains("deep", MarkdownHtml.Render(text).ToString(), StringComparison.Ordinal);
    }
}
