using Tiebreak.Core.Battles;
using Tiebreak.Reports.Pages;

namespace Tiebreak.Reports.Tests;

public sealed class HtmlPageTests
{
    [Fact]
    public void Texts_are_escaped_wherever_they_stand()
    {
        const string hostile = "<img src=x onerror=alert(1)>";
        var html = new HtmlPage(hostile).Section(hostile).Text(hostile).Table(new HtmlTable([hostile], [[hostile]])).ToHtml();
        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
        Assert.Equal(6, html.Split("&lt;img src=x onerror=alert(1)&gt;").Length - 1);
    }

    [Fact]
    public void A_battle_is_plain_text_folded_and_cut_between_characters()
    {
        var emoji = string.Concat(Enumerable.Repeat("x😀", 3_000));
        var html = new BattlePanel(new Battle { Id = "1", Turns = [new Turn("<b>", null, emoji)] }, "<i>", "A", "B").ToHtml();
        Assert.DoesNotContain("<b>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<i>", html, StringComparison.Ordinal);
        Assert.Contains("(null)", html, StringComparison.Ordinal);
        Assert.Contains("8,300 more characters", html, StringComparison.Ordinal);
        Assert.Contains("The last 1,001 characters are not shown", html, StringComparison.Ordinal);
        Assert.DoesNotContain("&#65533;", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_needs_nothing_from_outside()
    {
        var html = new HtmlPage("t").ToHtml();
        Assert.DoesNotContain("http", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
    }
}
