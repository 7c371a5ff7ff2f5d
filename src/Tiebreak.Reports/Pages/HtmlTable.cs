using System.Net;
using System.Text;

namespace Tiebreak.Reports.Pages;

/// <summary>A table of texts; the first column is left-aligned, all others right-aligned unless they hold prose.</summary>
/// <param name="columns">The headings.</param>
/// <param name="rows">One text per column and row.</param>
internal sealed class HtmlTable(IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> rows)
{
    /// <summary>The numbers, from 0, of columns that hold prose and are left-aligned.</summary>
    public IReadOnlySet<int> ProseColumns { get; init; } = new HashSet<int>();

    /// <summary>The table as HTML; all texts are escaped.</summary>
    public string ToHtml()
    {
        var html = new StringBuilder("<div class=\"scroll\"><table>\n");
        AppendRow(html, "th", columns);
        foreach (var row in rows)
            AppendRow(html, "td", row);
        return html.Append("</table></div>\n").ToString();
    }

    private void AppendRow(StringBuilder html, string element, IReadOnlyList<string> cells)
    {
        html.Append("<tr>");
        for (var i = 0; i < cells.Count; i++)
        {
            var style = ProseColumns.Contains(i) ? " class=\"text\"" : "";
            html.Append('<').Append(element).Append(style).Append('>').Append(WebUtility.HtmlEncode(cells[i]))
                .Append("</").Append(element).Append('>');
        }

        html.Append("</tr>\n");
    }
}
