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
    public void A_page_needs_nothing_from_outside()
    {
        var html = new HtmlPage("t").ToHtml();
        Assert.DoesNotContain("http", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
    }
}
