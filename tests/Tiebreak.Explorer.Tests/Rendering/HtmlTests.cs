using Tiebreak.Explorer.Rendering;

namespace Tiebreak.Explorer.Tests.Rendering;

public sealed class HtmlTests
{
    [Fact]
    public void Holes_are_escaped_and_markup_is_not()
    {
        const string Text = "<b title=\"x\" data-y='z'>&";
        var inner = Html.Of($"<i>{Text}</i>");
        Assert.Equal(
            "<p>3 0.5 <i>&lt;b title=&quot;x&quot; data-y=&#39;z&#39;&gt;&amp;</i><i>&lt;b title=&quot;x&quot; data-y=&#39;z&#39;&gt;&amp;</i></p>",
            Html.Of($"<p>{3} {0.5} {new[] { inner, inner }}</p>").ToString());
    }

    [Fact]
    public void Characters_that_HTML_does_not_allow_are_replaced() =>
        Assert.Equal("a\uFFFDb\tc\nd", Html.Text("a\0b\tc\nd").ToString());
}
